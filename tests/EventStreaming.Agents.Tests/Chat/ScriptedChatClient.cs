using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Tests.Chat;

/// <summary>A model that says what it was told to say, one response for each request.</summary>
internal sealed class ScriptedChatClient(params IReadOnlyList<ChatResponseUpdate>[] responses) : IChatClient
{
    private int _requests;

    /// <summary>What the requests had in them.</summary>
    public List<IReadOnlyList<ChatMessage>> Requests { get; } = [];

    /// <summary>What it fails with behind the last update of a response.</summary>
    public Exception? Failure { get; init; }

    public bool IsDisposed { get; private set; }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Requests.Add([.. messages]);
        foreach (var update in responses[_requests++])
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }

        if (Failure is not null)
        {
            throw Failure;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => IsDisposed = true;
}
