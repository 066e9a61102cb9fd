namespace EventStreaming.Agents;

/// <summary>What a model thinks, started by <see cref="AgentRun.StartReasoning"/>: pieces that belong together, each told as a <c>reasoning.delta</c>. It needs no end.</summary>
/// <remarks>Thread-safe. A half of a surrogate pair at the end of a piece waits for the other half.</remarks>
public sealed class AgentReasoning
{
    private string? _held;

    internal AgentReasoning(AgentRun run, string id)
    {
        Run = run;
        Id = id;
    }

    /// <summary>The run it belongs to.</summary>
    public AgentRun Run { get; }

    /// <summary>Its id, the same on all of its pieces.</summary>
    public string Id { get; }

    /// <summary>Puts a piece of text behind the ones before it.</summary>
    /// <param name="text">It; nothing is told of an empty one.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (Run.Gate)
        {
            Run.Require(nameof(Append));
            var said = _held + text;
            var held = said.Length > 0 && char.IsHighSurrogate(said[^1]) ? said[^1..] : null;
            var whole = held is null ? said : said[..^1];
            for (var told = 0; told < whole.Length;)
            {
                var length = Math.Min(Run.Options.MaxMessageLength, whole.Length - told);
                if (length < whole.Length - told && char.IsHighSurrogate(whole[told + length - 1]))
                {
                    length--;
                }

                Run.Emit(AgentEvents.ReasoningDelta, new ReasoningDelta(Id, whole.Substring(told, length)));
                told += length;
            }

            _held = held;
        }
    }
}
