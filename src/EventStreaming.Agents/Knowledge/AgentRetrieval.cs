namespace EventStreaming.Agents;

/// <summary>
/// A search for knowledge at work, started by <see cref="AgentRun.StartRetrieval"/>. Disposed, or left by its run's end, before it said what it found, it ends as one that found nothing.
/// </summary>
/// <remarks>Thread-safe. Using it when it has ended is an <see cref="InvalidOperationException"/>; disposing it then does nothing.</remarks>
public sealed class AgentRetrieval : AgentRunPart
{
    internal AgentRetrieval(AgentRun run, KnowledgeRetrievalStarted start)
        : base(run) => Start = start;

    /// <summary>Its id.</summary>
    public string Id => Start.Id;

    internal KnowledgeRetrievalStarted Start { get; }

    private protected override string Title => $"The retrieval '{Id}'";

    private protected override string Starter => nameof(AgentRun.StartRetrieval);

    /// <summary>Tells what was found.</summary>
    /// <param name="documents">How many documents.</param>
    /// <param name="relevance">How well they fit on average, from 0 to 1, or null.</param>
    /// <param name="tokens">The tokens they take, or null.</param>
    /// <param name="sources">What they are, or null.</param>
    /// <exception cref="InvalidOperationException">The search or its run has ended.</exception>
    public void Complete(int documents, double? relevance = null, long? tokens = null, IReadOnlyList<KnowledgeSource>? sources = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(documents);
        lock (Run.Gate)
        {
            Require(nameof(Complete));
            Run.Emit(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(Id, documents, relevance, tokens, sources?.ToArray(), Start.StepId));
            End();
        }
    }

    /// <summary>Tells that the search has failed, which its run survives: a recoverable <c>error</c>, then the search's end with nothing found.</summary>
    /// <param name="code">What sort of failure, for programs.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <exception cref="InvalidOperationException">The search or its run has ended.</exception>
    public void Fail(string code, string message)
    {
        lock (Run.Gate)
        {
            Require(nameof(Fail));
            Run.Warn(code, message, stepId: Start.StepId);
            Run.Emit(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(Id, 0, StepId: Start.StepId));
            End();
        }
    }

    private protected override void PublishEnd(string reason) => Run.TryEmit(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(Id, 0, StepId: Start.StepId));

    private protected override void Retell() => Run.TrySend(AgentEvents.KnowledgeRetrievalStart, Start);
}
