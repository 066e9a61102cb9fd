using System.Diagnostics.Metrics;

namespace EventStreaming.Tests.Stress;

/// <summary>Counts how often the bus says that a subscription has ended.</summary>
internal sealed class EndCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public EndCounter(string busName)
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: EventStreamingDiagnostics.MeterName, Name: "eventstreaming.subscriptions.ended" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (string.Equals(tag.Value as string, busName, StringComparison.Ordinal))
                {
                    Interlocked.Add(ref _count, measurement);
                }
            }
        });
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
