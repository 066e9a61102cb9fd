using EventStreaming.Agents.Mapping;
using EventStreaming.Agents.Validation;

namespace EventStreaming.Agents;

/// <summary>How another protocol's run appears here, and the limits of what is kept of it.</summary>
/// <remarks>Read once, when the mapper is made.</remarks>
public sealed class EventMapperOptions
{
    /// <summary>The run's id here.</summary>
    /// <value>1 to 256 characters. Null, the default: a new UUIDv7.</value>
    public string? RunId { get; set; }

    /// <summary>Who says it: <c>agent</c>, or <c>worker:7f…</c> for a part of a session's work.</summary>
    /// <value>At most 256 characters. Default null.</value>
    public string? Source { get; set; }

    /// <summary>The run here that this one is a part of.</summary>
    /// <value>At most 256 characters. Default null.</value>
    public string? ParentRunId { get; set; }

    /// <summary>What sort of run it is, as <see cref="RunStarted.Kind"/>.</summary>
    /// <value>Default null: the name that the agent gives it, or the protocol's.</value>
    public string? Kind { get; set; }

    /// <summary>The clock that durations are read from.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;

    /// <summary>
    /// The longest text of a message, result or error that is kept. A longer message is passed on in deltas, but its <c>message.complete</c> has
    /// only the beginning, and a recoverable <c>error</c> says so.
    /// </summary>
    /// <value>Characters, 1,024 to 16,777,216. Default 131,072, which fits into <see cref="EventStreamingOptions.MaxEventBytes"/>'s default.</value>
    public int MaxTextLength { get; set; } = 131_072;

    /// <summary>The largest JSON value, such as a tool's arguments or a result, that is passed on; of a larger one only its size is told.</summary>
    /// <value>Bytes, 256 to 64 MiB. Default 256 KiB.</value>
    public int MaxValueBytes { get; set; } = 262_144;

    /// <summary>The most messages, tool calls, steps, searches and questions, each, that may be open at a time; more are not passed on, but counted as malformed.</summary>
    /// <remarks>A run and its subagents have five times as many together, and hold 16 Mi characters of unfinished text.</remarks>
    /// <value>1 to 100,000. Default 1,024.</value>
    public int MaxOpen { get; set; } = 1_024;

    internal void Validate()
    {
        CheckId(RunId, nameof(RunId));
        CheckId(ParentRunId, nameof(ParentRunId));
        CheckId(Source, nameof(Source));
        OptionRange.ThrowIfOutside(nameof(MaxTextLength), MaxTextLength, 1_024, 1 << 24);
        OptionRange.ThrowIfOutside(nameof(MaxValueBytes), MaxValueBytes, 256, 64 << 20);
        OptionRange.ThrowIfOutside(nameof(MaxOpen), MaxOpen, 1, 100_000);
    }

    private static void CheckId(string? id, string name)
    {
        if (id is { Length: 0 or > EventDraft.MaxAttributeLength })
        {
            throw new ArgumentException($"{name} has {id.Length} characters; use 1 to {EventDraft.MaxAttributeLength}, or null.", name);
        }
    }
}
