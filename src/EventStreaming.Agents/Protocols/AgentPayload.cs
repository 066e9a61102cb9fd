using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Reads the payloads of the catalog's types, also where they came as JSON, from another host or over HTTP.</summary>
internal static class AgentPayload
{
    /// <summary>The payload, with all it must have; null when it is not what the type declares, or the type is none of the catalog's.</summary>
    public static object? Read(StreamEvent item)
    {
        var json = AgentJsonContext.Default;
        return item.Type switch
        {
            "message.delta" => Of(item, json.MessageDelta) is { Id: not null, Text: not null } delta ? delta : null,
            "message.start" => Of(item, json.MessageStarted) is { Id: not null, Role: not null } start ? start : null,
            "message.complete" => Of(item, json.MessageCompleted) is { Id: not null, Role: not null, Text: not null } message ? message : null,
            "reasoning.delta" => Of(item, json.ReasoningDelta) is { Id: not null, Text: not null } thought ? thought : null,
            "tool_call.start" => Of(item, json.ToolCallStarted) is { Tool: not null } call ? call : null,
            "tool_call.progress" => Of(item, json.ToolCallProgress),
            "tool_call.complete" => Of(item, json.ToolCallCompleted),
            "progress" => Of(item, json.Progress) is { Stage: not null } progress ? progress : null,
            "status" => Of(item, json.Status) is { Message: not null } status ? status : null,
            "step.start" => Of(item, json.StepStarted) is { StepId: not null } step ? step : null,
            "step.complete" => Of(item, json.StepCompleted) is { StepId: not null } step ? step : null,
            "run.start" => Of(item, json.RunStarted),
            "run.complete" => Of(item, json.RunCompleted),
            "error" => Of(item, json.AgentError) is { Message: not null } error ? error : null,
            "input.requested" => Of(item, json.InputRequested) is { Id: not null } question ? question : null,
            "input.received" => Of(item, json.InputReceived) is { Id: not null } answer ? answer : null,
            "session.created" => Of(item, json.SessionCreated) is { ThreadId: not null } session ? session : null,
            _ => null,
        };
    }

    public static T? Of<T>(StreamEvent item, JsonTypeInfo<T> type)
        where T : class
    {
        switch (item.Data)
        {
            case T typed:
                return typed;
            case JsonPayload json:
                try
                {
                    return JsonSerializer.Deserialize(json.Utf8.Span, type);
                }
                catch (JsonException)
                {
                    return null;
                }

            default:
                return null;
        }
    }

    /// <summary>Whether there is a value: neither left out nor null.</summary>
    public static bool IsAny(JsonElement? value) => value is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) };
}
