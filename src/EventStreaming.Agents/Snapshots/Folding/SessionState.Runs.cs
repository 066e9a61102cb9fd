namespace EventStreaming.Agents.Snapshots;

/// <content>What runs say of themselves.</content>
internal sealed partial class SessionState
{
    /// <summary>Takes an event in. What cannot be read throws, and has changed nothing.</summary>
    public void Apply(StreamEvent item)
    {
        switch (item.Type)
        {
            case "session.created":
                _threadId = FoldPayload.Read(item, AgentEvents.SessionCreated)?.ThreadId ?? _threadId;
                break;
            case "run.start":
                if (FoldPayload.Read(item, AgentEvents.RunStart) is { } start)
                {
                    Begin(item, start with { Kind = start.Kind ?? string.Empty, Input = FoldPayload.Keep(start.Input) });
                }

                break;
            default:
                if (!ApplyToContent(item) && _runs.TryGet(RunOf(item), out var run) && !run.IsFinished)
                {
                    var before = run.Bytes;
                    Apply(item, run);
                    Bytes += run.Bytes - before;
                }

                break;
        }

        Trim();
    }

    private void Apply(StreamEvent item, FoldedRun run)
    {
        switch (item.Type)
        {
            case "progress" when FoldPayload.Read(item, AgentEvents.Progress) is { } progress && double.IsFinite(progress.Fraction):
                run.Report(progress with { Stage = progress.Stage ?? string.Empty }, item.Size);
                break;
            case "status" when FoldPayload.Read(item, AgentEvents.Status) is { } status:
                run.Report(status.Message, item.Size);
                break;
            case "step.start" when FoldPayload.Read(item, AgentEvents.StepStart) is { StepId: not null } step:
                IsTruncated |= !run.Open(step with { Name = step.Name ?? string.Empty }, item.Size);
                break;
            case "step.complete" when FoldPayload.Read(item, AgentEvents.StepComplete) is { StepId: not null } done:
                run.Close(done.StepId);
                break;
            case "run.paused":
                run.SetPaused(true);
                break;
            case "run.resumed":
                run.SetPaused(false);
                break;
            case "run.complete" when FoldPayload.Read(item, AgentEvents.RunComplete) is { } result:
                var state = result.Outcome == RunOutcome.Cancelled ? RunState.Cancelled : RunState.Succeeded;
                run.End(state, item.Time, result with { Result = FoldPayload.Keep(result.Result) }, error: null, item.Size);
                Close(item);
                break;
            case "error" when FoldPayload.Read(item, AgentEvents.Error) is { Recoverable: false } error:
                run.End(RunState.Failed, item.Time, result: null, Keep(error), item.Size);
                Close(item);
                break;
        }
    }

    private void Begin(StreamEvent item, RunStarted start)
    {
        var id = RunOf(item);
        if (_runs.TryGet(id, out var run) && !run.IsFinished)
        {
            var before = run.Bytes;
            run.Restart(start, item.Size);
            Bytes += run.Bytes - before;
            return;
        }

        Bytes -= _runs.Remove(id);
        Bytes += _runs.Add(id, new FoldedRun(id, item.Source, start, item.Time, options.MaxItems, item.Size));
    }

    /// <summary>A run's end is that of all that is its own, whether it was said or not.</summary>
    private void Close(StreamEvent end)
    {
        bool IsOfRun(string? runId, string? source) => string.Equals(RunOf(runId, source), RunOf(end), StringComparison.Ordinal);
        foreach (var message in _messages.Items)
        {
            if (!message.IsFinished && IsOfRun(message.RunId, message.Source))
            {
                message.End();
            }
        }

        Bytes -= _reasoning.RemoveWhere(reasoning => IsOfRun(reasoning.RunId, reasoning.Source));
        Bytes -= _toolCalls.RemoveWhere(call => IsOfRun(call.Snapshot.RunId, call.Snapshot.Source));
        Bytes -= _inputs.RemoveWhere(input => IsOfRun(input.Snapshot.RunId, input.Snapshot.Source));
    }

    private static string RunOf(StreamEvent item) => RunOf(item.RunId, item.Source);

    /// <summary>Who publishes without run ids has one run at a time.</summary>
    private static string RunOf(string? runId, string? source) => runId ?? source ?? string.Empty;

    // What was read from JSON may lack what its type says it has.
    private static AgentError Keep(AgentError error) =>
        error with { Code = error.Code ?? string.Empty, Message = error.Message ?? string.Empty, Details = FoldPayload.Keep(error.Details) };
}
