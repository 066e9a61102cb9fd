namespace EventStreaming.Benchmarks.Contenders;

/// <summary>The least an event written by hand holds of what ours must hold: type, time, payload and place.</summary>
internal sealed class PlainEvent(string type, DateTimeOffset time, object? data, long sequence)
{
    public string Type { get; } = type;

    public DateTimeOffset Time { get; } = time;

    public object? Data { get; } = data;

    public long Sequence { get; } = sequence;
}
