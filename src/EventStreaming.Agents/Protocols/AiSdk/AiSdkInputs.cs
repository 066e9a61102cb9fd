using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Questions that are no matter of a tool's approval: each one part, <c>data-input-request</c>, which is replaced when it is answered.</summary>
internal sealed class AiSdkInputs(AiSdkWriter writer)
{
    private readonly Dictionary<string, InputRequested> _open = new(StringComparer.Ordinal);

    public void Ask(InputRequested request, StreamEvent? item)
    {
        Take(request);
        Write(request, item, "requested", null);
    }

    /// <summary>Takes over what another stream has sent.</summary>
    public void Take(InputRequested request)
    {
        if (_open.Count < ProtocolLimits.OpenParts || _open.ContainsKey(request.Id))
        {
            _open[request.Id] = request;
        }
    }

    public void Answer(StreamEvent item)
    {
        if (AgentPayload.Of<InputReceived>(item) is { } answer && _open.Remove(answer.Id, out var request))
        {
            Write(request, item, answer.Value is null ? "withdrawn" : "answered", answer.Value);
        }
    }

    private void Write(InputRequested request, StreamEvent? item, string state, JsonElement? value)
    {
        var json = writer.Begin();
        AiSdkChunks.BeginData(json, "data-input-request", request.Id);
        json.WriteString("prompt"u8, request.Prompt);
        ProtocolJson.WriteIfAny(json, "schema"u8, request.Schema);
        if (request.ToolCallId is { } call)
        {
            json.WriteString("tool_call_id"u8, call);
        }

        json.WriteString("state"u8, state);
        ProtocolJson.WriteIfAny(json, "value"u8, value);
        AiSdkChunks.EndData(json, item);
        writer.End();
    }
}
