using System.Text;

namespace EventStreaming.Client.Tests.Support;

/// <summary>All that reading a stream to its end shows.</summary>
internal sealed record SseOutcome(IReadOnlyList<SseFrame> Frames, string? LastEventId, TimeSpan? Retry, bool LimitHit = false)
{
    public static async Task<SseOutcome> ReadAsync(IEnumerable<ReadOnlyMemory<byte>> chunks, SseReaderOptions? options = null)
    {
        await using var stream = new ChunkedStream(chunks);
        return await ReadAsync(new SseReader(stream, options));
    }

    public static async Task<SseOutcome> ReadAsync(SseReader reader)
    {
        var frames = new List<SseFrame>();
        var limitHit = false;
        try
        {
            await foreach (var frame in reader.ReadAllAsync())
            {
                frames.Add(frame);
            }
        }
        catch (SseLimitException)
        {
            limitHit = true;
        }

        return new SseOutcome(frames, reader.LastEventId, reader.Retry, limitHit);
    }

    public bool Equals(SseOutcome? other) =>
        other is not null
        && LimitHit == other.LimitHit
        && Retry == other.Retry
        && string.Equals(LastEventId, other.LastEventId, StringComparison.Ordinal)
        && Frames.SequenceEqual(other.Frames);

    public override int GetHashCode() => HashCode.Combine(Frames.Count, Retry, LimitHit);

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (type, data, id) in Frames)
        {
            text.Append("type=").Append(type).Append(" data=").Append(Encoding.UTF8.GetString(data.Span)).Append(" id=").Append(id ?? "none").Append("; ");
        }

        text.Append("last=").Append(LastEventId ?? "none").Append(" retry=").Append(Retry).Append(LimitHit ? " limit hit" : string.Empty);
        return text.Replace("\r", "\\r").Replace("\n", "\\n").Replace("\0", "\\0").ToString();
    }
}
