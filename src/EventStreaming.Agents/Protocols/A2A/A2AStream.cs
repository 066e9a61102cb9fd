using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>One stream of a task: the task, then what becomes of it, until it has ended, waits for somebody, or something was missed.</summary>
internal sealed class A2AStream : EventProtocolStream
{
    private static readonly EventEncoder s_status = A2AStatusEncoder.Shared;
    private static readonly EventEncoder s_artifacts = A2AArtifactEncoder.Shared;

    private readonly A2AEnvelope _envelope;
    private readonly EventProtocolRequest _request;
    private readonly SessionSnapshot? _snapshot;
    private readonly RunFollower _follower;
    private readonly A2ATexts _texts = new();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private string? _threadId;
    private A2AFrames? _frames;

    public A2AStream(A2AEnvelope envelope, EventProtocolRequest request, SessionSnapshot? snapshot)
    {
        (_envelope, _request, _snapshot) = (envelope, request, snapshot);
        _follower = new RunFollower(request, snapshot);
        _threadId = snapshot?.ThreadId;
    }

    /// <remarks>All streams of a task have the same events (A2A 1.0, 3.5.2): what is newest does not stand for what was before it.</remarks>
    public override void Configure(SubscriptionOptions subscription) => subscription.Follow(_snapshot?.Cursor, latestWins: false);

    public override void Begin(IMessageWriter output)
    {
        if (_follower.Root is not { } run || _snapshot is null)
        {
            return;
        }

        _frames = CreateFrames(_follower.Name);
        _frames.WriteTask(A2ATask.Write(_snapshot, run, _follower, _frames.ContextId), output);
        _texts.Take(_snapshot.Messages.Where(message => _follower.IsRoots(message.RunId, message.Source)));
        foreach (var call in A2ATask.ShownBy(_snapshot, _follower))
        {
            _texts.TryAddWhole(call.Start.Id.ToString());
        }

        foreach (var input in _snapshot.Inputs.Where(input => _follower.Includes(input.RunId, input.Source)))
        {
            _waiting.Add(input.Request.Id);
        }

        IsOver = run.EndedAt is not null;
    }

    public override void Write(StreamEvent item, IMessageWriter output)
    {
        if (item.IsControl)
        {
            // Whoever missed something subscribes again, and is told how the task stands.
            IsOver |= item.Type is ControlEvents.Gap;
            return;
        }

        if (IsOver)
        {
            return;
        }

        if (RunFollower.IsOfSession(item))
        {
            // No part of a task; but every frame has the session's name.
            _threadId = AgentPayload.Of<SessionCreated>(item)?.ThreadId ?? _threadId;
            return;
        }

        switch (_follower.Place(item))
        {
            case RunPlace.Opening:
                _frames = CreateFrames(_follower.Name);
                _frames.WriteTask(A2AStates.Submitted, item, output);
                _frames.WriteState(A2AStates.Working, item, output);
                if (item.Type is not "run.start")
                {
                    WriteRoot(item, _frames, output);
                }

                break;
            case RunPlace.Root:
                WriteRoot(item, _frames!, output);
                break;
            case RunPlace.Child:
                WriteChild(item, _frames!, output);
                break;
            default:
                break;
        }
    }

    private A2AFrames CreateFrames(string taskId) => new(taskId, _threadId ?? _request.Topic, _envelope);

    private void WriteRoot(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        switch (item.Type)
        {
            case "message.start":
            case "message.delta":
            case "message.complete":
                _texts.Write(item, frames, output);
                break;
            case "tool_call.complete":
                WriteWorking(item, frames, output);
                WriteWhole(AgentPayload.Of<ToolCallCompleted>(item)?.Id.ToString(), item, frames, output);
                break;
            case "run.complete":
                _texts.Close(item, frames, output);
                WriteWhole(A2AArtifactEncoder.ResultId, item, frames, output);
                frames.WriteState(AgentPayload.Of<RunCompleted>(item) is { Outcome: RunOutcome.Cancelled } ? A2AStates.Canceled : A2AStates.Completed, item, output);
                IsOver = true;
                break;
            case "error" when AgentPayload.IsFatal(item):
                _texts.Close(item, frames, output);
                frames.WriteStatus(A2AStates.Failed, item, s_status.GetBytes(item).Span, output);
                IsOver = true;
                break;
            default:
                WriteAny(item, frames, output);
                break;
        }
    }

    /// <summary>Of those who work for the run, only what concerns its viewers: that they begin and end, what they found, and what they need.</summary>
    private void WriteChild(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        if (item.Type is "run.start" || item.Descriptor.SurfaceFromWorkers)
        {
            WriteAny(item, frames, output);
        }
    }

    private void WriteAny(StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        switch (item.Type)
        {
            case "input.requested":
                _waiting.Add(AgentPayload.Of<InputRequested>(item)?.Id ?? string.Empty);
                frames.WriteStatus(A2AStates.InputRequired, item, s_status.GetBytes(item).Span, output);
                IsOver = true;
                break;
            case "input.received":
                _waiting.Remove(AgentPayload.Of<InputReceived>(item)?.Id ?? string.Empty);
                WriteWorking(item, frames, output);
                break;
            case "credentials.required":
                // The stream stays: they come from elsewhere, and nobody says so (A2A 1.0, 7.6.1).
                frames.WriteStatus(A2AStates.AuthRequired, item, s_status.GetBytes(item).Span, output);
                break;
            default:
                WriteWorking(item, frames, output);
                break;
        }
    }

    private void WriteWhole(string? id, StreamEvent item, A2AFrames frames, IMessageWriter output)
    {
        if (id is not null && s_artifacts.GetBytes(item) is { IsEmpty: false } form && _texts.TryAddWhole(id))
        {
            frames.WriteArtifact(append: false, isLast: true, form.Span, output);
        }
    }

    /// <summary>What is said while a question is open does not answer it.</summary>
    private void WriteWorking(StreamEvent item, A2AFrames frames, IMessageWriter output) =>
        frames.WriteStatus(_waiting.Count > 0 ? A2AStates.InputRequired : A2AStates.Working, item, s_status.GetBytes(item).Span, output);
}
