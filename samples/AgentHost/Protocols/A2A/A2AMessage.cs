using System.Text.Json;

namespace AgentHost.Protocols.A2A;

/// <summary>A message that a client sends (A2A 1.0, 4.1.4).</summary>
/// <param name="TaskId">The task that it goes on with; null for a new one.</param>
/// <param name="ContextId">The conversation; null for a new one, or the task's.</param>
/// <param name="Said">What it says.</param>
/// <param name="Data">The data in it, which may be what a question asks for; undefined for none.</param>
/// <param name="ReturnsAtOnce">Whether the client does not wait for the task.</param>
internal sealed record A2AMessage(string? TaskId, string? ContextId, Said Said, JsonElement Data, bool ReturnsAtOnce)
{
    /// <returns>What is wrong; null when nothing is.</returns>
    public static A2AError? TryRead(JsonElement request, out A2AMessage? message)
    {
        message = null;
        var sent = request.Get("message");
        if (sent.ValueKind != JsonValueKind.Object)
        {
            return A2AError.Invalid("'message' is missing. Send a SendMessageRequest of A2A 1.0.");
        }

        if (sent.GetText("messageId") is not { Length: > 0 } messageId)
        {
            return A2AError.Invalid("'message.messageId' is missing.");
        }

        if (sent.GetText("role") is not "ROLE_USER")
        {
            return A2AError.Invalid("'message.role' is not ROLE_USER.");
        }

        var parts = sent.GetItems("parts").ToList();
        var texts = parts.Select(static part => part.GetText("text")).OfType<string>().ToList();
        var data = parts.Select(static part => part.Get("data")).FirstOrDefault(static part => part.ValueKind != JsonValueKind.Undefined);
        if (texts.Count == 0 && data.ValueKind == JsonValueKind.Undefined)
        {
            return new A2AError(-32005, StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED", "The message has no part with a text or with data. Send one.");
        }

        var text = texts.Count == 0 ? null : string.Join('\n', texts);
        message = new A2AMessage(
            NullIfEmpty(sent.GetText("taskId")),
            NullIfEmpty(sent.GetText("contextId")),
            new Said(messageId, text, data.GetText("kind") is not null ? data : sent.Get("metadata")),
            data,
            request.Get("configuration").Get("returnImmediately").ValueKind == JsonValueKind.True);
        return null;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
