using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>How a session stands at one place of its topic: what a viewer would know who had seen everything up to there.</summary>
/// <param name="ThreadId">The conversation, or null when none was named.</param>
/// <param name="Runs">The runs, the session's and its workers', in the order in which they began. Of those that have ended, the newest.</param>
/// <param name="Messages">The messages, in the order in which they began, those being written included. Of those that are complete, the newest.</param>
/// <param name="Reasoning">What is being thought, as far as it is known.</param>
/// <param name="ToolCalls">The tool calls that have not ended.</param>
/// <param name="Inputs">The questions that have not been answered.</param>
/// <param name="IsTruncated">Whether there was more than is kept.</param>
public sealed record SessionSnapshot(
    string? ThreadId,
    IReadOnlyList<RunSnapshot> Runs,
    IReadOnlyList<MessageSnapshot> Messages,
    IReadOnlyList<ReasoningSnapshot> Reasoning,
    IReadOnlyList<ToolCallSnapshot> ToolCalls,
    IReadOnlyList<InputSnapshot> Inputs,
    bool IsTruncated = false)
{
    /// <summary>
    /// The tool calls that have ended, each with how it did, in the order in which they began: those of the runs at work, and of the newest run that has ended with those of
    /// its workers. A call whose run ended before it is among them, without an end of its own.
    /// </summary>
    public IReadOnlyList<ToolCallSnapshot> EndedToolCalls { get; init => field = value ?? []; } = [];

    /// <summary>What was found in sources of knowledge, by the runs of which ended tool calls are kept.</summary>
    public IReadOnlyList<RetrievalSnapshot> Retrievals { get; init => field = value ?? []; } = [];

    /// <summary>
    /// The place. Subscribed from there, one gets everything that is not in here, and nothing that is. In JSON it is its text: what a client gives as <c>?last_event_id=</c>, and
    /// what <c>session.snapshot</c> has on the wire as its <c>id:</c>.
    /// </summary>
    [JsonConverter(typeof(EventCursorConverter))]
    public EventCursor Cursor { get; init => field = value == default ? EventCursor.Start : value; } = EventCursor.Start;

    /// <summary>How it is written: as in <c>session.snapshot</c>. For <c>TypedResults.Json(snapshot, SessionSnapshot.JsonTypeInfo)</c>.</summary>
    public static JsonTypeInfo<SessionSnapshot> JsonTypeInfo => SnapshotJsonContext.Default.SessionSnapshot;
}
