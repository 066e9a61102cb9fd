namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>What a run says while it is open on the wire.</summary>
internal sealed partial class AgUiStream
{
    private void WriteIn(AgUiRun run, StreamEvent item, object? payload)
    {
        switch (payload)
        {
            case MessageDelta delta:
                WriteDelta(run, item, delta);
                break;
            case MessageStarted start:
                WriteStart(run, item, start);
                break;
            case MessageCompleted message:
                WriteMessage(run, item, message);
                break;
            case ReasoningDelta thought:
                WriteThought(run, item, thought);
                break;
            case ToolCallStarted call:
                EndThought(run);
                if (_calls.Add(call.Id) && (_known?.Contains(call.Id) == true || _output.TryWrite(item, run)))
                {
                    run.Tools.Add(call.Id);
                }

                break;
            case ToolCallProgress progress when run.Tools.Contains(progress.Id):
                WriteActivity(run, item, AgUiFrames.ToolActivityId(progress.Id));
                break;
            case ToolCallProgress:
                break;
            case ToolCallCompleted call:
                WriteResult(run, item, call);
                break;
            case Status:
                _output.TryWrite(item, run);
                break;
            case Progress:
                WriteActivity(run, item, AgUiFrames.ProgressId(RunKey.OrSession(item.RunId, item.Source)));
                break;
            case StepStarted step:
                WriteStep(run, item, step);
                break;
            case StepCompleted step:
                WriteStep(run, item, step);
                break;
            case RunCompleted end:
                End(run, item, end);
                break;
            case AgentError { Recoverable: false } error:
                Fail(run, item, error.Code, error.Message);
                break;
            case InputRequested question:
                AddQuestion(run, item, question);
                break;
            case RunStarted:
                // Another attempt of a run that is at work.
                _output.Write(run, item, frames => frames.Custom(item));
                break;
            default:
                _output.WriteCustom(item, run);
                break;
        }
    }

    private void WriteStart(AgUiRun run, StreamEvent item, MessageStarted start)
    {
        EndThought(run);
        if (!IsWritten(run, start.Id) && !run.Messages.ContainsKey(start.Id))
        {
            _output.TryWrite(item, run);
            run.Messages.Add(start.Id, new AgUiText(start.Role) { IsOpen = true });
        }
    }

    private void WriteDelta(AgUiRun run, StreamEvent item, MessageDelta delta)
    {
        EndThought(run);
        if (!run.Messages.TryGetValue(delta.Id, out var text))
        {
            // Its start was missed, and so may be its first pieces: the whole text comes at its end.
            if (_hasGap || IsWritten(run, delta.Id))
            {
                return;
            }

            text = new AgUiText("assistant");
            run.Messages.Add(delta.Id, text);
        }

        if (text.IsBroken || delta.Text.Length == 0)
        {
            return;
        }

        OpenText(run, delta.Id, text);
        _output.TryWrite(item, run);
        text.Sent += delta.Text.Length;
    }

    private void WriteMessage(AgUiRun run, StreamEvent item, MessageCompleted message)
    {
        EndThought(run);
        if (!run.Messages.Remove(message.Id, out var text))
        {
            if (!IsWritten(run, message.Id))
            {
                _output.TryWrite(item, run, first: 0, count: message.Text.Length == 0 ? 1 : 2);
                _output.TryWrite(item, run, first: 2);
            }
        }
        else
        {
            if (text.Sent < message.Text.Length)
            {
                OpenText(run, message.Id, text);
                _output.Write(run, item, frames => frames.MessageContent(message.Id, message.Text.AsSpan(text.Sent)));
            }

            if (text.IsOpen)
            {
                _output.TryWrite(item, run, first: 2);
            }
        }

        _written.Add(IdOf(run, message.Id));
    }

    private void OpenText(AgUiRun run, string id, AgUiText text)
    {
        if (!text.IsOpen)
        {
            text.IsOpen = true;
            _output.Write(run, item: null, frames => frames.MessageStart(id, text.Role));
        }
    }

    /// <summary>Whether a client has all of a message: because it was written, or because it said so.</summary>
    private bool IsWritten(AgUiRun run, string id) => _written.Contains(IdOf(run, id)) || _known?.Find(IdOf(run, id)) is not null;

    private static string IdOf(AgUiRun run, string id) => PrefixOf(run) + id;

    private static string PrefixOf(AgUiRun run) => run.View == AgUiView.Root ? string.Empty : run.Key + "/";

    private void WriteThought(AgUiRun run, StreamEvent item, ReasoningDelta thought)
    {
        if (!string.Equals(run.Thought, thought.Id, StringComparison.Ordinal))
        {
            EndThought(run);
            _output.TryWrite(item, run, first: 0, count: 2);
            run.Thought = thought.Id;
        }

        _output.TryWrite(item, run, first: 2);
    }

    /// <summary>There is no event for it: a thought ends where something else begins.</summary>
    private void EndThought(AgUiRun run)
    {
        if (run.Thought is { } id)
        {
            run.Thought = null;
            _output.Write(run, item: null, frames => frames.ReasoningEnd(id));
        }
    }

    private void WriteActivity(AgUiRun run, StreamEvent item, string id)
    {
        if (_output.TryWrite(item, run, run.Activities.Contains(id) ? 1 : 0, count: 1))
        {
            run.Activities.Add(id);
        }
    }

    private void WriteResult(AgUiRun run, StreamEvent item, ToolCallCompleted call)
    {
        EndThought(run);
        run.Activities.Remove(AgUiFrames.ToolActivityId(call.Id));
        if (run.Tools.Remove(call.Id))
        {
            if (!_output.TryWrite(item, run))
            {
                WriteNoResult(run, call.Id, "Its result cannot be shown.");
            }
        }
        else if (_calls.Add(call.Id))
        {
            // Its start was missed, and a result alone is no message that a model would take.
            _output.Write(run, item, frames => frames.Custom(item));
        }
    }

    private void WriteNoResult(AgUiRun run, Guid call, string reason) =>
        _output.Write(run, item: null, frames => frames.ToolResult(new ToolCallCompleted(call, Error: reason)));

    private void WriteStep(AgUiRun run, StreamEvent item, StepStarted step)
    {
        EndThought(run);
        if (!run.TryOpen(step, out var name))
        {
            return;
        }

        if (string.Equals(name, step.Name ?? step.StepId, StringComparison.Ordinal))
        {
            _output.TryWrite(item, run);
        }
        else
        {
            _output.Write(run, item, frames => frames.StepStarted(name));
        }
    }

    private void WriteStep(AgUiRun run, StreamEvent item, StepCompleted step)
    {
        EndThought(run);
        if (run.Steps.Remove(step.StepId, out var name))
        {
            _output.Write(run, item, frames => frames.StepFinished(name));
        }
        else
        {
            _output.Write(run, item, frames => frames.Custom(item));
        }
    }
}
