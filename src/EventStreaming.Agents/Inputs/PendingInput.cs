using System.Text.Json;
using EventStreaming.Agents.Runs;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Inputs;

/// <summary>A question that waits for its answer.</summary>
internal sealed class PendingInput(AgentRun run, InputRequested request) : IOpenPart
{
    public InputRequested Request { get; } = request;

    public string Id => Request.Id;

    public LinkedListNode<IOpenPart>? Place { get; set; }

    /// <summary>The answer given through the run, if it was. Under the run's lock.</summary>
    public JsonElement? Answer { get; set; }

    /// <summary>Nobody shall go on asking.</summary>
    public void CloseWith(RunEnd end) => run.TryEmit(AgentEvents.InputReceived, new InputReceived(Id), Request.ToolCallId?.ToString());

    public void Retell() => run.TrySend(AgentEvents.InputRequested, Request, Request.ToolCallId?.ToString());

    public bool IsAnsweredBy(StreamEvent item) =>
        string.Equals(item.Type, AgentEvents.InputReceived.Name, StringComparison.Ordinal)
        && string.Equals(ReadAnswer(item)?.Id, Id, StringComparison.Ordinal);

    /// <summary>The answer in an event, whoever published it and in whichever form; null when it is none.</summary>
    public static InputReceived? ReadAnswer(StreamEvent item) => AgentPayload.Of<InputReceived>(item);
}
