namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>How a script's session stood after some of its events: what one would know who had read them, reckoned anew each time.</summary>
internal sealed class FoldedSnapshots(TopicScript script, int? count = null) : ISessionSnapshots
{
    public SessionSnapshot? Find(string topic)
    {
        var fold = new Fold();
        var events = script.Published.Take(count ?? script.Published.Count).ToList();
        events.ForEach(fold.Add);
        return events.Count == 0 ? null : fold.Snapshot with { Cursor = events[^1].Cursor };
    }

    private sealed class Fold
    {
        private readonly List<RunSnapshot> _runs = [];
        private readonly List<MessageSnapshot> _messages = [];
        private readonly List<ReasoningSnapshot> _reasoning = [];
        private readonly List<ToolCallSnapshot> _tools = [];
        private readonly List<InputSnapshot> _inputs = [];
        private string? _threadId;

        public SessionSnapshot Snapshot => new(_threadId, _runs, _messages, _reasoning, _tools, _inputs);

        public void Add(StreamEvent item)
        {
            var id = item.RunId ?? item.Source ?? string.Empty;
            var run = _runs.FindIndex(other => Same(other.RunId, id));
            switch (item.Data)
            {
                case SessionCreated session:
                    _threadId = session.ThreadId;
                    break;
                case RunStarted start:
                    _runs.RemoveAll(other => Same(other.RunId, id));
                    _runs.Add(new RunSnapshot(id, item.Source, RunState.Running, start, item.Time, null, null, null, [], null, null));
                    break;
                case RunCompleted end when run >= 0:
                    _runs[run] = _runs[run] with { State = end.Outcome is RunOutcome.Success ? RunState.Succeeded : RunState.Cancelled, EndedAt = item.Time, Result = end };
                    Close(item);
                    break;
                case AgentError { Recoverable: false } error when run >= 0:
                    _runs[run] = _runs[run] with { State = RunState.Failed, EndedAt = item.Time, Error = error };
                    Close(item);
                    break;
                case Progress progress when run >= 0:
                    _runs[run] = _runs[run] with { Progress = progress };
                    break;
                case Status status when run >= 0:
                    _runs[run] = _runs[run] with { Status = status.Message };
                    break;
                case StepStarted step when run >= 0:
                    _runs[run] = _runs[run] with { OpenSteps = [.. _runs[run].OpenSteps, step] };
                    break;
                case StepCompleted step when run >= 0:
                    _runs[run] = _runs[run] with { OpenSteps = [.. _runs[run].OpenSteps.Where(open => !Same(open.StepId, step.StepId))] };
                    break;
                default:
                    AddPart(item);
                    break;
            }
        }

        private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

        private void AddPart(StreamEvent item)
        {
            switch (item.Data)
            {
                case MessageStarted message when _messages.TrueForAll(other => !Same(other.Id, message.Id)):
                    _messages.Add(new MessageSnapshot(message.Id, message.Role, string.Empty, false, item.RunId, item.Source));
                    break;
                case MessageDelta delta:
                    Change(delta.Id, "assistant", item, message => message.IsComplete ? message : message with { Text = message.Text + delta.Text });
                    break;
                case MessageCompleted end:
                    Change(end.Id, end.Role, item, message => message with { Text = end.Text, IsComplete = true });
                    break;
                case ReasoningDelta thought:
                    var before = _reasoning.Find(other => Same(other.Id, thought.Id));
                    _reasoning.RemoveAll(other => Same(other.Id, thought.Id));
                    _reasoning.Add(new ReasoningSnapshot(thought.Id, before?.Text + thought.Text, item.RunId, item.Source));
                    break;
                case ToolCallStarted call:
                    _tools.Add(new ToolCallSnapshot(call, null, item.RunId, item.Source));
                    break;
                case ToolCallProgress progress when _tools.FindIndex(call => call.Start.Id == progress.Id) is >= 0 and var index:
                    _tools[index] = _tools[index] with { Progress = progress };
                    break;
                case ToolCallCompleted call:
                    _tools.RemoveAll(other => other.Start.Id == call.Id);
                    break;
                case InputRequested request:
                    _inputs.Add(new InputSnapshot(request, item.RunId, item.Source));
                    break;
                case InputReceived answer:
                    _inputs.RemoveAll(other => Same(other.Request.Id, answer.Id));
                    break;
                default:
                    break;
            }
        }

        private void Change(string id, string role, StreamEvent item, Func<MessageSnapshot, MessageSnapshot> change)
        {
            var index = _messages.FindIndex(message => Same(message.Id, id));
            if (index < 0)
            {
                index = _messages.Count;
                _messages.Add(new MessageSnapshot(id, role, string.Empty, false, item.RunId, item.Source));
            }

            _messages[index] = change(_messages[index]);
        }

        private void Close(StreamEvent end)
        {
            bool IsOfRun(string? runId, string? source) => Same(runId ?? source ?? string.Empty, end.RunId ?? end.Source ?? string.Empty);
            _reasoning.RemoveAll(reasoning => IsOfRun(reasoning.RunId, reasoning.Source));
            _tools.RemoveAll(call => IsOfRun(call.RunId, call.Source));
            _inputs.RemoveAll(input => IsOfRun(input.RunId, input.Source));
        }
    }
}
