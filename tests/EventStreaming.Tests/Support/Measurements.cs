using System.Diagnostics.Metrics;

namespace EventStreaming.Tests.Support;

/// <summary>What one bus measures. Other buses of the test run use the same meter's name; the bus's tag tells them apart.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string? Reason), List<long>> _values = [];
    private readonly string _bus;

    public Measurements(string bus)
    {
        _bus = bus;
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<long>(OnMeasured);
        _listener.Start();
    }

    public IReadOnlyDictionary<string, Instrument> Instruments => _instruments;

    /// <summary>The tags other than the bus and the reason: there shall be none.</summary>
    public HashSet<string> OtherTags { get; } = new(StringComparer.Ordinal);

    /// <summary>All that a counter or histogram was given.</summary>
    public long Sum(string name, string? reason = null) => Values(name, reason).Sum();

    public IReadOnlyList<long> Values(string name, string? reason = null)
    {
        lock (_gate)
        {
            return _values.TryGetValue((name, reason), out var values) ? [.. values] : [];
        }
    }

    /// <summary>What an observable instrument says now.</summary>
    public long Observe(string name, string? reason = null)
    {
        lock (_gate)
        {
            _values.Remove((name, reason));
        }

        _listener.RecordObservableInstruments();
        return Values(name, reason).Single();
    }

    public void Dispose() => _listener.Dispose();

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name is EventStreamingDiagnostics.MeterName)
        {
            lock (_gate)
            {
                _instruments[instrument.Name] = instrument;
            }

            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void OnMeasured(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        string? bus = null;
        string? reason = null;
        foreach (var (key, tag) in tags)
        {
            switch (key)
            {
                case EventStreamingDiagnostics.BusTag:
                    bus = (string?)tag;
                    break;
                case EventStreamingDiagnostics.ReasonTag:
                    reason = (string?)tag;
                    break;
                default:
                    OtherTags.Add(key);
                    break;
            }
        }

        if (string.Equals(bus, _bus, StringComparison.Ordinal))
        {
            lock (_gate)
            {
                if (!_values.TryGetValue((instrument.Name, reason), out var values))
                {
                    _values[(instrument.Name, reason)] = values = [];
                }

                values.Add(value);
            }
        }
    }
}
