using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Chat;

/// <summary>How leave for a tool call is asked for and given, as an input request.</summary>
internal static class Approval
{
    /// <summary>The JSON Schema of an answer. A bare true or false is understood, too.</summary>
    public static JsonElement Schema { get; } = JsonElement.Parse(
        """{"type":"object","properties":{"approved":{"type":"boolean"},"reason":{"type":"string"}},"required":["approved"]}""");

    public static JsonElement Write(ToolApprovalResponseContent response)
    {
        var value = new JsonObject { ["approved"] = response.Approved };
        if (response.Reason is { } reason)
        {
            value["reason"] = reason;
        }

        return JsonElement.Parse(value.ToJsonString());
    }

    /// <summary>What an answer says; anything but a clear yes is a no.</summary>
    public static ToolApprovalResponseContent Read(JsonElement answer, ToolApprovalRequestContent request)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            return request.CreateResponse(answer.ValueKind == JsonValueKind.True);
        }

        var approved = answer.TryGetProperty("approved", out var value) && value.ValueKind == JsonValueKind.True;
        var reason = answer.TryGetProperty("reason", out var why) && why.ValueKind == JsonValueKind.String ? why.GetString() : null;
        return request.CreateResponse(approved, reason);
    }
}
