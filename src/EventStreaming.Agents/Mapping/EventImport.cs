using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>What came of reading another agent's stream.</summary>
/// <param name="Outcome">How the run ended, or that it waits for a person. Where a stream held several runs, how the last did.</param>
/// <param name="Published">How many events were published.</param>
/// <param name="Malformed">How much could not be understood: see <see cref="EventMapper.Malformed"/>.</param>
/// <param name="Ignored">How much was not passed on: see <see cref="EventMapper.Ignored"/>.</param>
public sealed record EventImport(EventImportOutcome Outcome, long Published, long Malformed, long Ignored)
{
    /// <summary>What came of the run, as its <c>run.complete</c> has it; null when nothing did.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The error that ended the run; null when none did. Of a run that was cut off its code is <c>stream_ended</c>, <c>stream_broken</c>, <c>stream_stalled</c>, <c>stream_invalid</c> or <c>stream_unknown</c>.</summary>
    public AgentError? Error { get; init; }

    /// <summary>What broke the stream, or, of one that the mapper does not know (<c>stream_unknown</c>), how it begins and what to do; null when nothing did. A run that had not ended was failed because of it.</summary>
    public Exception? Exception { get; init; }
}
