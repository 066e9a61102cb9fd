using EventStreaming.Agents.Serialization;

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
                _threadId = AgentPayload.Read<SessionCreated>(item)?.ThreadId ?? _threadId;
                break;
            case "run.start":
                if (AgentPayload.Read<RunStarted>(item) is { } start)
                {
                    Begin(item, start with { Input = AgentPayload.Keep(start.Input) });
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
            case "progress" when AgentPayload.Read<Progress>(item) is { } progress && double.IsFinite(progress.Fraction):
                run.Report(progress, item.Size);
                break;
            case "status" when AgentPayload.Read<Status>(item) is { } status:
                run.Report(status.Message, item.Size);
                break;
            case "step.start" when AgentPayload.Read<StepStarted>(item) is { } step:
                IsTruncated |= !run.Open(step, item.Size);
                break;
            case "step.complete" when AgentPayload.Read<StepCompleted>(item) is { } done:
                run.Close(done.StepId);
                break;
            case "run.paused":
                run.SetPaused(true);
                break;
            case "run.resumed":
                run.SetPaused(false);
                break;
            case "run.complete" when AgentPayload.Read<RunCompleted>(item) is { } result:
                var state = result.Outcome == RunOutcome.Cancelled ? RunState.Cancelled : RunState.Succeeded;
                run.End(state, item.Time, result with { Result = AgentPayload.Keep(result.Result) }, error: null, item.Size);
                Close(item, run);
                break;
            case "error" when AgentPayload.Read<AgentError>(item) is { Recoverable: false } error:
                run.End(RunState.Failed, item.Time, result: null, error with { Details = AgentPayload.Keep(error.Details) }, item.Size);
                Close(item, run);
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
        Bytes += _runs.Add(id, new FoldedRun(id, item.Source, start, item.Time, item.Sequence, options.MaxItems, item.Size));
    }

    /// <summary>A run's end is that of all that is its own, whether it was said or not.</summary>
    private void Close(StreamEvent end, FoldedRun ended)
    {
        bool IsOfRun(string? runId, string? source) => string.Equals(RunKey.Of(runId, source), RunOf(end), StringComparison.Ordinal);
        foreach (var message in _messages.Items)
        {
            if (!message.IsFinished && IsOfRun(message.RunId, message.Source))
            {
                message.End();
            }
        }

        foreach (var call in _toolCalls.Items)
        {
            if (!call.IsFinished && IsOfRun(call.Snapshot.RunId, call.Snapshot.Source))
            {
                Change(call, static call => call.End(completed: null, newSize: 0));
            }
        }

        Bytes -= _reasoning.RemoveWhere(reasoning => IsOfRun(reasoning.RunId, reasoning.Source));
        Bytes -= _inputs.RemoveWhere(input => IsOfRun(input.Snapshot.RunId, input.Snapshot.Source));
        if (ended.Snapshot.Start.ParentRunId is null && !RunKey.IsWorker(ended.Snapshot.Source))
        {
            ForgetBefore(ended.Began);
        }
    }

    /// <summary>What runs did that had ended before the newest that did: their conversation is kept, their work is not.</summary>
    private void ForgetBefore(long began)
    {
        bool IsPast(string? runId, string? source, long place) => place < began && !(_runs.TryGet(RunKey.Of(runId, source), out var run) && !run.IsFinished);
        Bytes -= _toolCalls.RemoveWhere(call => call.IsFinished && IsPast(call.Snapshot.RunId, call.Snapshot.Source, call.Snapshot.Began));
        Bytes -= _retrievals.RemoveWhere(found => IsPast(found.Snapshot.RunId, found.Snapshot.Source, found.Snapshot.Began));
    }

    private static string RunOf(StreamEvent item) => RunKey.Of(item.RunId, item.Source);

}
