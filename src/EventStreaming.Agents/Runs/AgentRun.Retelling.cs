using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    private readonly AgentRun _root;
    private string? _epoch;
    private string? _pauseReason;

    private RunStarted StartData => new(Kind, _options.Input, _options.Attempt, _options.TotalSteps, Parent?.RunId ?? _options.ParentRunId);

    void IOpenPart.Retell()
    {
        TrySend(AgentEvents.RunStart, StartData, _options.ParentId);
        RetellParts();
    }

    /// <summary>Publishes an event of the run where no other can come between, if the bus takes it. Under the lock.</summary>
    internal void TrySend<TData>(EventTypeDescriptor<TData> type, TData data, string? parentId = null)
    {
        try
        {
            Send(type, data, parentId);
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            // What comes behind it is refused to the caller, who can do something about it.
        }
    }

    /// <summary>
    /// Has the run begin in the log that the topic has now, when that is not the one in which it began: the topic was closed, or was idle for so long that it went. Else those who watch from here
    /// on would see the ends of things that never began. Under the lock, and before anything else is published.
    /// </summary>
    private void FollowTopic()
    {
        if (_epoch is null || string.Equals(_bus.FindTopic(Topic)?.Head.EpochToken, _epoch, StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            _epoch = Send(AgentEvents.RunStart, StartData, _options.ParentId).Cursor.EpochToken;
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            return;
        }

        RetellParts();
    }

    private void RetellParts()
    {
        _progress.Retell();
        if (_pauses > 0)
        {
            TrySend(AgentEvents.RunPaused, new RunPaused(_pauseReason));
        }

        foreach (var part in _open.All)
        {
            part.Retell();
        }
    }

    private StreamEvent Send<TData>(EventTypeDescriptor<TData> type, TData data, string? parentId) =>
        _bus.Publish(Topic, type.Draft(data) with { Source = _options.Source, RunId = RunId, CorrelationId = _options.CorrelationId, ParentId = parentId });
}
