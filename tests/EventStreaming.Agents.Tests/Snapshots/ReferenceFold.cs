using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Tests.Snapshots;

/// <summary>How a session stands, worked out plainly: lists of records, changed one event after another. No limits, nothing kept for later, no gaps.</summary>
internal sealed class ReferenceFold(EventCursor start)
{
    private readonly List<RunSnapshot> _runs = [];
    private readonly List<MessageSnapshot> _messages = [];
    private readonly List<ReasoningSnapshot> _reasoning = [];
    private readonly List<ToolCallSnapshot> _toolCalls = [];
    private readonly List<RetrievalSnapshot> _retrievals = [];
    private readonly List<InputSnapshot> _inputs = [];
    private readonly HashSet<Guid> _endedCalls = [];
    private readonly Dictionary<string, long> _began = new(StringComparer.Ordinal);
    private EventCursor _cursor = start;
    private string? _threadId;

    /// <summary>As text, to compare.</summary>
    public override string ToString() => ToText(new SessionSnapshot(
        _threadId, _runs, _messages, _reasoning, [.. _toolCalls.Where(call => !_endedCalls.Contains(call.Start.Id))], _inputs)
    {
        EndedToolCalls = [.. _toolCalls.Where(call => _endedCalls.Contains(call.Start.Id))],
        Retrievals = _retrievals,
        Cursor = _cursor,
    });

    public static string ToText(SessionSnapshot snapshot) => JsonSerializer.Serialize(snapshot, SnapshotJsonContext.Default.SessionSnapshot);

    /// <param name="item">The event.</param>
    /// <param name="data">Its payload as an object, which it may have as JSON.</param>
    public void Apply(StreamEvent item, object data)
    {
        _cursor = item.Cursor;
        var run = _runs.FindIndex(run => Is(run.RunId, item.RunId));
        var isOpen = run >= 0 && _runs[run].EndedAt is null;
        switch (data)
        {
            case SessionCreated created:
                _threadId = created.ThreadId;
                break;
            case RunStarted start when isOpen:
                _runs[run] = _runs[run] with { Start = start, State = RunState.Running };
                break;
            case RunStarted start:
                _runs.RemoveAll(known => Is(known.RunId, item.RunId));
                _began[item.RunId!] = item.Sequence;
                _runs.Add(new RunSnapshot(item.RunId!, item.Source, RunState.Running, start, item.Time, null, null, null, [], null, null));
                break;
            case MessageStarted started:
                _messages.RemoveAll(message => Is(message.Id, started.Id));
                _messages.Add(new MessageSnapshot(started.Id, started.Role, string.Empty, false, item.RunId, item.Source, Began: item.Sequence));
                break;
            case MessageDelta delta:
                Change(_messages, message => Is(message.Id, delta.Id), message => message.IsComplete ? message : message with { Text = message.Text + delta.Text }, new(delta.Id, "assistant", delta.Text, false, item.RunId, item.Source, Began: item.Sequence));
                break;
            case MessageCompleted completed:
                Change(_messages, message => Is(message.Id, completed.Id), message => message with { Role = completed.Role, Text = completed.Text, IsComplete = true }, new(completed.Id, completed.Role, completed.Text, true, item.RunId, item.Source, Began: item.Sequence));
                break;
            case ReasoningDelta delta:
                Change(_reasoning, reasoning => Is(reasoning.Id, delta.Id), reasoning => reasoning with { Text = reasoning.Text + delta.Text }, new(delta.Id, delta.Text, item.RunId, item.Source, Began: item.Sequence));
                break;
            case ToolCallStarted or ToolCallProgress or ToolCallCompleted:
                ApplyToCalls(item, data);
                break;
            case KnowledgeRetrieved found:
                _retrievals.Add(new RetrievalSnapshot(found, item.RunId, item.Source, item.Sequence));
                break;
            case InputRequested request:
                _inputs.RemoveAll(input => Is(input.Request.Id, request.Id));
                _inputs.Add(new InputSnapshot(request, item.RunId, item.Source));
                break;
            case InputReceived received:
                _inputs.RemoveAll(input => Is(input.Request.Id, received.Id));
                break;
            case RunCompleted result when isOpen:
                End(item, run, result.Outcome == RunOutcome.Cancelled ? RunState.Cancelled : RunState.Succeeded, result, null);
                break;
            case AgentError { Recoverable: false } error when isOpen:
                End(item, run, RunState.Failed, null, error);
                break;
            default:
                if (isOpen)
                {
                    _runs[run] = Apply(_runs[run], data);
                }

                break;
        }
    }

    private void ApplyToCalls(StreamEvent item, object data)
    {
        switch (data)
        {
            case ToolCallStarted start:
                _toolCalls.RemoveAll(call => call.Start.Id == start.Id);
                _endedCalls.Remove(start.Id);
                _toolCalls.Add(new ToolCallSnapshot(start, null, item.RunId, item.Source, Began: item.Sequence));
                break;
            case ToolCallProgress progress when !_endedCalls.Contains(progress.Id):
                Change(_toolCalls, call => call.Start.Id == progress.Id, call => call with { Progress = progress }, otherwise: null);
                break;
            case ToolCallCompleted completed when !_endedCalls.Contains(completed.Id):
                Change(_toolCalls, call => call.Start.Id == completed.Id, call => Ended(call, completed), otherwise: null);
                break;
        }
    }

    private static RunSnapshot Apply(RunSnapshot run, object data) => data switch
    {
        Status status => run with { Status = status.Message },
        Progress progress => run with { Progress = progress },
        RunPaused => run with { State = RunState.Paused },
        RunResumed => run with { State = RunState.Running },
        StepStarted step => run with { OpenSteps = [.. run.OpenSteps.Where(open => !Is(open.StepId, step.StepId)), step] },
        StepCompleted step => run with { OpenSteps = [.. run.OpenSteps.Where(open => !Is(open.StepId, step.StepId))] },
        _ => run,
    };

    private static bool Is(string? id, string? other) => string.Equals(id, other, StringComparison.Ordinal);

    private static void Change<T>(List<T> list, Predicate<T> which, Func<T, T> change, T? otherwise)
        where T : class
    {
        var place = list.FindIndex(which);
        if (place >= 0)
        {
            list[place] = change(list[place]);
        }
        else if (otherwise is not null)
        {
            list.Add(otherwise);
        }
    }

    private void End(StreamEvent item, int run, RunState state, RunCompleted? result, AgentError? error)
    {
        _runs[run] = _runs[run] with { State = state, EndedAt = item.Time, Result = result, Error = error, OpenSteps = [] };
        for (var i = 0; i < _messages.Count; i++)
        {
            _messages[i] = Is(_messages[i].RunId, item.RunId) ? _messages[i] with { IsComplete = true } : _messages[i];
        }

        _reasoning.RemoveAll(reasoning => Is(reasoning.RunId, item.RunId));
        for (var i = 0; i < _toolCalls.Count; i++)
        {
            _toolCalls[i] = Is(_toolCalls[i].RunId, item.RunId) && !_endedCalls.Contains(_toolCalls[i].Start.Id) ? Ended(_toolCalls[i], null) : _toolCalls[i];
        }

        if (_runs[run] is { Source: "queen", Start.ParentRunId: null })
        {
            _toolCalls.RemoveAll(call => _endedCalls.Contains(call.Start.Id) && IsPast(call.RunId, call.Began, _began[item.RunId!]));
            _retrievals.RemoveAll(found => IsPast(found.RunId, found.Began, _began[item.RunId!]));
        }

        _inputs.RemoveAll(input => Is(input.RunId, item.RunId));
    }

    private ToolCallSnapshot Ended(ToolCallSnapshot call, ToolCallCompleted? completed)
    {
        _endedCalls.Add(call.Start.Id);
        return call with { Progress = null, Completed = completed };
    }

    private bool IsPast(string? runId, long place, long began) => place < began && !_runs.Exists(run => Is(run.RunId, runId) && run.EndedAt is null);
}
