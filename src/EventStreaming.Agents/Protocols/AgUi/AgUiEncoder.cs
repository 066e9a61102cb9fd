using System.Buffers;

namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>
/// The AG-UI events that one event can become, each on a line, made once for all connections; which of them are written is each connection's to say.
/// </summary>
/// <remarks>
/// What only a connection knows is left out of them: the thread's and the run's id of <c>RUN_STARTED</c> and <c>RUN_FINISHED</c>. An event that cannot be written becomes the
/// <c>CUSTOM</c> of a gap.
/// </remarks>
internal sealed class AgUiEncoder(AgUiView view) : EventEncoder
{
    private static readonly AgUiEncoder s_root = new(AgUiView.Root);
    private static readonly AgUiEncoder s_subagent = new(AgUiView.Subagent);

    public override string Format => AgUiProtocol.Name;

    public static AgUiEncoder For(AgUiView view) => view == AgUiView.Subagent ? s_subagent : s_root;

    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        using var frames = new AgUiFrames(output, source, RunKey.OrSession(source.RunId, source.Source), view);
        var payload = AgUiPayload.Read(source);
        switch (payload)
        {
            case MessageDelta delta:
                frames.MessageContent(delta.Id, delta.Text);
                break;
            case MessageStarted start:
                frames.MessageStart(start.Id, start.Role);
                break;
            case MessageCompleted message:
                frames.MessageStart(message.Id, message.Role);
                frames.MessageContent(message.Id, message.Text);
                frames.MessageEnd(message.Id);
                break;
            case ReasoningDelta thought:
                frames.ReasoningStart(thought.Id);
                frames.ReasoningContent(thought.Id, thought.Text);
                break;
            case ToolCallStarted call:
                frames.ToolCall(call);
                break;
            case ToolCallProgress progress:
                frames.ToolProgress(progress, isFirst: true);
                frames.ToolProgress(progress, isFirst: false);
                break;
            case ToolCallCompleted call:
                frames.ToolResult(call);
                break;
            case Status status:
                frames.Status(status.Message);
                break;
            case Progress progress:
                frames.Progress(progress, isFirst: true);
                frames.Progress(progress, isFirst: false);
                break;
            case StepStarted step:
                frames.StepStarted(step.Name ?? step.StepId);
                break;
            case StepCompleted step:
                frames.StepFinished(step.Name ?? step.StepId);
                break;
            case RunStarted start:
                frames.RunStarted(start);
                break;
            case RunCompleted or AgentError { Recoverable: false }:
                WriteEnd(frames, payload);
                break;
            case InputRequested question:
                frames.Interrupt(question);
                break;
            default:
                frames.Custom(source);
                break;
        }
    }

    private void WriteEnd(AgUiFrames frames, object? end)
    {
        switch (end)
        {
            // A subagent ends well or not at all: AG-UI 1.0 has no word for one that was cancelled.
            case RunCompleted { Outcome: RunOutcome.Cancelled } when view == AgUiView.Subagent:
                frames.SubagentError("cancelled", "It was cancelled.");
                break;
            case RunCompleted completed when view == AgUiView.Subagent:
                frames.SubagentFinished(completed);
                break;
            case RunCompleted completed:
                frames.RunFinished(completed);
                break;
            case AgentError error when view == AgUiView.Subagent:
                frames.SubagentError(error.Code, error.Message);
                break;
            case AgentError error:
                frames.RunError(error.Code, error.Message);
                break;
        }
    }
}
