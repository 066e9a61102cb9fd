using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Tests.Chat;

/// <summary>Invokes the functions that a model asks for and hands the results on and back, as the function invocation of Microsoft.Extensions.AI does.</summary>
internal sealed class FunctionInvoker(IChatClient inner, Func<FunctionCallContent, object?> invoke) : DelegatingChatClient(inner)
{
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var history = messages.ToList();
        while (true)
        {
            var updates = new List<ChatResponseUpdate>();
            await foreach (var update in base.GetStreamingResponseAsync(history, options, cancellationToken))
            {
                updates.Add(update);
                yield return update;
            }

            var calls = updates.SelectMany(static update => update.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0)
            {
                yield break;
            }

            var results = new ChatMessage(ChatRole.Tool, [.. calls.Select(Invoke)]) { MessageId = $"tool-{history.Count}" };
            history.AddMessages(updates);
            history.Add(results);
            yield return new ChatResponseUpdate(ChatRole.Tool, results.Contents) { MessageId = results.MessageId };
        }
    }

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    private FunctionResultContent Invoke(FunctionCallContent call)
    {
        try
        {
            return new FunctionResultContent(call.CallId, invoke(call));
        }
        catch (IOException exception)
        {
            return new FunctionResultContent(call.CallId, "Error: Function failed.") { Exception = exception };
        }
    }
}
