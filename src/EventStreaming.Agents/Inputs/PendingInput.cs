using System.Text.Json;
using EventStreaming.Agents.Runs;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Inputs;

/// <summary>A question that waits for its answer.</summary>
internal sealed class PendingInput(AgentRun run, InputRequested request) : IOpenPart
{
    public InputRequested Request { get; } = request;

    public string Id => Request.Id;

    public string Topic => run.Topic;

    public string RunId => run.RunId;

    public string? Source => run.Source;

    public LinkedListNode<IOpenPart>? Place { get; set; }

    /// <summary>Whether it has been asked, and nothing has ended it.</summary>
    public bool IsOpen => Place is not null;

    /// <summary>Where it was asked. Set before it is open.</summary>
    public EventCursor AskedAt { get; set; }

    /// <summary>The answer given through the run, if it was. Under the run's lock.</summary>
    public JsonElement? Answer { get; set; }

    /// <summary>Nobody shall go on asking.</summary>
    public void CloseWith(RunEnd end) => run.TryEmit(AgentEvents.InputReceived, new InputReceived(Id), Request.ToolCallId?.ToString());

    public void Retell() => run.TrySend(AgentEvents.InputRequested, Request, Request.ToolCallId?.ToString());

    public bool IsAnsweredBy(StreamEvent item) =>
        string.Equals(item.Type, AgentEvents.InputReceived.Name, StringComparison.Ordinal)
        && string.Equals(ReadAnswer(item)?.Id, Id, StringComparison.Ordinal);

    /// <returns>Whether it is the answer; false when something else has ended the question.</returns>
    public bool TryAnswer(InputReceived answer) => run.TryAnswerInput(this, answer);

    /// <summary>The answer in an event, whoever published it and in whichever form; null when it is none.</summary>
    public static InputReceived? ReadAnswer(StreamEvent item) => AgentPayload.Of<InputReceived>(item);

    /// <summary>A value to answer with, as it is kept: JSON's null is none, as it is to who reads it off the wire.</summary>
    /// <exception cref="ArgumentException">There is no JSON in it.</exception>
    public static JsonElement? Keep(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Undefined } => throw new ArgumentException("The answer is undefined: it has no JSON. Give null when there will be no answer.", nameof(value)),
        { ValueKind: not JsonValueKind.Null } => value.Value.Clone(),
        _ => null,
    };
}
