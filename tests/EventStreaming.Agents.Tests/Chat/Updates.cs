using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Tests.Chat;

/// <summary>Pieces of a model's response.</summary>
internal static class Updates
{
    public static IReadOnlyList<ChatMessage> Question => [new ChatMessage(ChatRole.User, "What is it?")];

    public static ChatResponseUpdate Text(string text, string? messageId = "m1") => Of(new TextContent(text), messageId);

    public static ChatResponseUpdate Of(AIContent content, string? messageId = "m1") => new(ChatRole.Assistant, [content]) { MessageId = messageId };

    public static ChatResponseUpdate Call(string callId = "call_1", string name = "search", string? messageId = "m1") =>
        Of(new FunctionCallContent(callId, name, new Dictionary<string, object?>(StringComparer.Ordinal) { ["q"] = "x", ["n"] = 3 }), messageId);

    public static ChatResponseUpdate Usage(long inputTokens, long outputTokens) =>
        Of(new UsageContent(new UsageDetails { InputTokenCount = inputTokens, OutputTokenCount = outputTokens }));

    public static ChatResponseUpdate Finish(string? messageId = "m1") => new() { MessageId = messageId, FinishReason = ChatFinishReason.Stop };
}
