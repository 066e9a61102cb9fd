namespace EventStreaming.Agents.Snapshots;

/// <content>What is said, thought, called and asked.</content>
internal sealed partial class SessionState
{
    private const string DefaultRole = "assistant";

    /// <returns>Whether the event is of such a type.</returns>
    private bool ApplyToContent(StreamEvent item)
    {
        switch (item.Type)
        {
            case "message.delta":
                OnDelta(item);
                return true;
            case "message.start":
                OnStart(item);
                return true;
            case "message.complete":
                OnComplete(item);
                return true;
            case "reasoning.delta":
                OnThought(item);
                return true;
            case "tool_call.start":
                OnCall(item);
                return true;
            case "tool_call.progress":
                OnCallProgress(item);
                return true;
            case "tool_call.complete":
                Bytes -= FoldPayload.Read(item, AgentEvents.ToolCallComplete) is { } called ? _toolCalls.Remove(called.Id) : 0;
                return true;
            case "input.requested":
                OnQuestion(item);
                return true;
            case "input.received":
                Bytes -= FoldPayload.Read(item, AgentEvents.InputReceived) is { Id: not null } answer ? _inputs.Remove(answer.Id) : 0;
                return true;
            default:
                return false;
        }
    }

    private void OnDelta(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.MessageDelta) is { Id: not null } delta)
        {
            var message = _messages.TryGet(delta.Id, out var known) ? known : Begin(item, delta.Id, role: null);
            var before = message.Bytes;
            message.Append(delta.Text);
            Bytes += message.Bytes - before;
            IsTruncated |= message.HasGaps;
        }
    }

    private void OnStart(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.MessageStart) is { Id: not null } started)
        {
            Bytes -= _messages.Remove(started.Id);
            Begin(item, started.Id, started.Role ?? DefaultRole);
        }
    }

    private void OnComplete(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.MessageComplete) is { Id: not null } completed)
        {
            var message = _messages.TryGet(completed.Id, out var known) ? known : Begin(item, completed.Id, completed.Role);
            var before = message.Bytes;
            message.Complete(completed.Role, completed.Text);
            Bytes += message.Bytes - before;
            IsTruncated |= message.HasGaps;
        }
    }

    private FoldedMessage Begin(StreamEvent item, string id, string? role)
    {
        var message = new FoldedMessage(id, role ?? DefaultRole, item.RunId, item.Source, MaxTextBytes);
        if (role is null && IsTruncated)
        {
            // Its beginning may be among what is missing.
            message.Miss();
        }

        Bytes += _messages.Add(id, message);
        return message;
    }

    private void OnThought(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.ReasoningDelta) is not { Id: not null } thought)
        {
            return;
        }

        if (!_reasoning.TryGet(thought.Id, out var reasoning))
        {
            reasoning = new FoldedReasoning(thought.Id, item.RunId, item.Source, MaxTextBytes);
            if (IsTruncated)
            {
                reasoning.Miss();
            }

            Bytes += _reasoning.Add(thought.Id, reasoning);
        }

        var before = reasoning.Bytes;
        reasoning.Append(thought.Text);
        Bytes += reasoning.Bytes - before;
        IsTruncated |= reasoning.HasGaps;
    }

    private void OnCall(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.ToolCallStart) is { Tool: not null } start)
        {
            var call = new ToolCallSnapshot(start with { Arguments = FoldPayload.Keep(start.Arguments) }, Progress: null, item.RunId, item.Source);
            Bytes -= _toolCalls.Remove(start.Id);
            Bytes += _toolCalls.Add(start.Id, new Folded<ToolCallSnapshot>(call, item.Size));
        }
    }

    private void OnCallProgress(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.ToolCallProgress) is { } progress && double.IsFinite(progress.Fraction ?? 0) && _toolCalls.TryGet(progress.Id, out var call))
        {
            var before = call.Bytes;
            call.Change(call.Snapshot with { Progress = progress }, item.Size);
            Bytes += call.Bytes - before;
        }
    }

    private void OnQuestion(StreamEvent item)
    {
        if (FoldPayload.Read(item, AgentEvents.InputRequested) is { Id: not null } request)
        {
            var question = new InputSnapshot(
                request with { Prompt = request.Prompt ?? string.Empty, Schema = FoldPayload.Keep(request.Schema) }, item.RunId, item.Source);
            Bytes -= _inputs.Remove(request.Id);
            Bytes += _inputs.Add(request.Id, new Folded<InputSnapshot>(question, item.Size));
        }
    }
}
