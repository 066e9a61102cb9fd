using EventStreaming.Agents.Serialization;

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
                OnCallEnd(item);
                return true;
            case "knowledge.retrieved":
                OnRetrieval(item);
                return true;
            case "input.requested":
                OnQuestion(item);
                return true;
            case "input.received":
                Bytes -= AgentPayload.Read<InputReceived>(item) is { } answer ? _inputs.Remove(answer.Id) : 0;
                return true;
            default:
                return false;
        }
    }

    private void OnDelta(StreamEvent item)
    {
        if (AgentPayload.Read<MessageDelta>(item) is { } delta)
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
        if (AgentPayload.Read<MessageStarted>(item) is { } started)
        {
            Bytes -= _messages.Remove(started.Id);
            Begin(item, started.Id, started.Role);
        }
    }

    private void OnComplete(StreamEvent item)
    {
        if (AgentPayload.Read<MessageCompleted>(item) is { } completed)
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
        var message = new FoldedMessage(id, role ?? DefaultRole, item.RunId, item.Source, item.Sequence, MaxTextBytes);
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
        if (AgentPayload.Read<ReasoningDelta>(item) is not { } thought)
        {
            return;
        }

        if (!_reasoning.TryGet(thought.Id, out var reasoning))
        {
            reasoning = new FoldedReasoning(thought.Id, item.RunId, item.Source, item.Sequence, MaxTextBytes);
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
        if (AgentPayload.Read<ToolCallStarted>(item) is { } start)
        {
            var call = new ToolCallSnapshot(
                start with { Arguments = AgentPayload.Keep(start.Arguments) }, Progress: null, item.RunId, item.Source, Completed: null, item.Sequence);
            Bytes -= _toolCalls.Remove(start.Id);
            Bytes += _toolCalls.Add(start.Id, new FoldedToolCall(call, item.Size));
        }
    }

    private void OnCallProgress(StreamEvent item)
    {
        if (AgentPayload.Read<ToolCallProgress>(item) is { } progress && double.IsFinite(progress.Fraction ?? 0)
            && _toolCalls.TryGet(progress.Id, out var call) && !call.IsFinished)
        {
            Change(call, call => call.Report(progress, item.Size));
        }
    }

    private void OnCallEnd(StreamEvent item)
    {
        if (AgentPayload.Read<ToolCallCompleted>(item) is { } completed && _toolCalls.TryGet(completed.Id, out var call) && !call.IsFinished)
        {
            Change(call, call => call.End(Keep(completed), item.Size));
        }
    }

    private void OnRetrieval(StreamEvent item)
    {
        if (AgentPayload.Read<KnowledgeRetrieved>(item) is { } found && double.IsFinite(found.Relevance ?? 0)
            && found.Sources?.All(static source => double.IsFinite(source.Relevance ?? 0)) is not false)
        {
            var retrieval = new RetrievalSnapshot(found with { Sources = found.Sources is null ? null : [.. found.Sources] }, item.RunId, item.Source, item.Sequence);
            Bytes += _retrievals.Add(item.Sequence, new Folded<RetrievalSnapshot>(retrieval, item.Size));
        }
    }

    private void OnQuestion(StreamEvent item)
    {
        if (AgentPayload.Read<InputRequested>(item) is { } request)
        {
            var question = new InputSnapshot(
                request with { Schema = AgentPayload.Keep(request.Schema) }, item.RunId, item.Source);
            Bytes -= _inputs.Remove(request.Id);
            Bytes += _inputs.Add(request.Id, new Folded<InputSnapshot>(question, item.Size));
        }
    }

    private static ToolCallCompleted Keep(ToolCallCompleted completed) => completed with
    {
        Result = AgentPayload.Keep(completed.Result),
        SubSteps = completed.SubSteps is null ? null : [.. completed.SubSteps.Select(static step => step.Clone())],
        Visualizations = completed.Visualizations is null ? null : [.. completed.Visualizations.Select(static shown => shown.Clone())],
    };
}
