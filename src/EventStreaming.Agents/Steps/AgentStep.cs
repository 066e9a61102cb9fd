using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <summary>A step of a run's plan that is at work. Started by <see cref="AgentRun.StartStep"/>; disposed or left by its run's end, it is ended, too.</summary>
/// <remarks>Thread-safe. Using it when it has ended is an <see cref="InvalidOperationException"/>; disposing it then does nothing.</remarks>
public sealed class AgentStep : AgentRunPart
{
    private readonly long _startedAt;
    private long _tokensIn;
    private long _tokensOut;
    private bool _hasUsage;

    internal AgentStep(AgentRun run, StepStarted start)
        : base(run)
    {
        Start = start;
        _startedAt = run.TimeProvider.GetTimestamp();
    }

    /// <summary>Its id, unique in its run.</summary>
    public string StepId => Start.StepId;

    /// <summary>Its name, for a person.</summary>
    public string Name => Start.Name;

    internal StepStarted Start { get; }

    private protected override string Title => $"The step '{StepId}' ({Name})";

    private protected override string Starter => nameof(AgentRun.StartStep);

    /// <summary>Counts tokens that a model read and wrote for this step, and so for its run.</summary>
    /// <param name="inputTokens">Tokens read by models.</param>
    /// <param name="outputTokens">Tokens written by models.</param>
    /// <exception cref="InvalidOperationException">The step or its run has ended.</exception>
    public void AddUsage(long inputTokens, long outputTokens)
    {
        lock (Run.Gate)
        {
            Require(nameof(AddUsage));
            Run.AddUsage(inputTokens, outputTokens);
            _tokensIn += inputTokens;
            _tokensOut += outputTokens;
            _hasUsage = true;
        }
    }

    /// <summary>Tells that the step is done.</summary>
    /// <param name="tokens">The tokens it used, when they are to be told but not counted for the run; null for what <see cref="AddUsage"/> counted.</param>
    /// <param name="cached">Whether its answer came from a cache.</param>
    /// <exception cref="InvalidOperationException">The step or its run has ended.</exception>
    public void Complete(TokenUsage? tokens = null, bool cached = false)
    {
        lock (Run.Gate)
        {
            Require(nameof(Complete));
            Run.Emit(AgentEvents.StepComplete, Completed(tokens, cached));
            End();
        }
    }

    /// <summary>Tells that the step has failed, which its run survives: a recoverable <c>error</c>, then the step's end.</summary>
    /// <param name="code">What sort of failure, for programs.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <exception cref="InvalidOperationException">The step or its run has ended.</exception>
    public void Fail(string code, string message)
    {
        lock (Run.Gate)
        {
            Require(nameof(Fail));
            Run.Warn(code, message, stepId: StepId);
            Run.Emit(AgentEvents.StepComplete, Completed(tokens: null, cached: false));
            End();
        }
    }

    private protected override void PublishEnd(string reason) => Run.TryEmit(AgentEvents.StepComplete, Completed(tokens: null, cached: false));

    private protected override void Retell() => Run.TrySend(AgentEvents.StepStart, Start);

    private StepCompleted Completed(TokenUsage? tokens, bool cached) => new(
        StepId, Name, Start.Position, Start.Total, tokens ?? (_hasUsage ? new TokenUsage(_tokensIn, _tokensOut) : null), Run.TimeProvider.GetElapsedSince(_startedAt), cached);
}
