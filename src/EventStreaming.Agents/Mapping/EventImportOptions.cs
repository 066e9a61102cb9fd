using EventStreaming.Agents.Mapping;
using EventStreaming.Agents.Validation;

namespace EventStreaming.Agents;

/// <summary>The limits of reading another agent's stream.</summary>
/// <remarks>Read once, when reading begins.</remarks>
public sealed class EventImportOptions
{
    /// <summary>How the events are put into the stream.</summary>
    /// <value>Default null: what the content's media type says, else what the mapper's protocol uses.</value>
    public EventImportFormat? Format { get; set; }

    /// <summary>The largest event, as it is in the stream. A longer line is skipped and counted as malformed; a longer SSE event fails the run.</summary>
    /// <value>Bytes, 256 to 64 MiB. Default 1 MiB.</value>
    public int MaxItemBytes { get; set; } = 1 << 20;

    /// <summary>How many events may be malformed before the run is failed.</summary>
    /// <value>0 to 1,000,000. Default 100.</value>
    public int MaxMalformed { get; set; } = 100;

    /// <summary>How long to wait for the next bytes, keepalive comments included, before the run is failed: a stream that says nothing must not keep its viewers for ever.</summary>
    /// <value>1 ms to 1 day, or infinite for never. Default 10 minutes.</value>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromMinutes(10);

    internal void Validate()
    {
        OptionRange.ThrowIfOutside(nameof(MaxItemBytes), MaxItemBytes, 256, 64 << 20);
        OptionRange.ThrowIfOutside(nameof(MaxMalformed), MaxMalformed, 0, 1_000_000);
        if (ReadTimeout != Timeout.InfiniteTimeSpan)
        {
            OptionRange.ThrowIfOutside(nameof(ReadTimeout), ReadTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        }
    }
}
