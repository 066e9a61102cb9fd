using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EventStreaming.Tests.Support;

/// <summary>A host's metric listener with a bug: it throws at whatever the buses made after it measure.</summary>
internal sealed class ThrowingListener : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string> _told = new();
    private bool _isListening;

    public ThrowingListener()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_isListening && instrument.Meter.Name is EventStreamingDiagnostics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => Throw(instrument.Name));
        _listener.MeasurementsCompleted = (instrument, _) => Throw(instrument.Name + " completed");
        _listener.Start();
        _isListening = true;
    }

    /// <summary>The names of the instruments it has thrown at.</summary>
    public IEnumerable<string> ThrownAt => _told;

    public void Dispose()
    {
        _isListening = false;
        _listener.Dispose();
    }

    private void Throw(string what)
    {
        if (_isListening)
        {
            _told.Enqueue(what);
            throw new InvalidOperationException("A bug in the listener.");
        }
    }
}
