using EventStreaming.Agents;
using Microsoft.Extensions.AI;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>By a chat client that is told, whose model says them.</summary>
internal sealed class ChatDeltas : DeltaLoop
{
    private static readonly ChatMessage[] s_question = [new(ChatRole.User, "What is it?")];

    private readonly AgentRun _run;
    private readonly IChatClient _client;
    private IAsyncEnumerator<ChatResponseUpdate> _response;

    public ChatDeltas()
    {
        _run = Bus.StartRun(Topic, "benchmark");
        _client = new Model().UseEventStreaming(options => options.Run = _run);
        _response = Begin();
    }

    public override async ValueTask DisposeAsync()
    {
        await _response.DisposeAsync();
        _client.Dispose();
        _run.Complete();
        await _run.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>The model says the pieces in their order.</summary>
    protected override void Say(string piece) => Next(_response);

    /// <summary>A response is a batch: its beginning and its end are nobody's delta.</summary>
    protected override void AfterBatch()
    {
        Next(_response);
        Skip();
        _response = Begin();
    }

    /// <summary>The model never waits, so each step is done when it returns.</summary>
    private static void Next(IAsyncEnumerator<ChatResponseUpdate> response)
    {
        var step = response.MoveNextAsync();
        if (!step.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The model waited: this measures something else.");
        }

        _ = step.Result;
    }

    private IAsyncEnumerator<ChatResponseUpdate> Begin()
    {
        var response = _client.GetStreamingResponseAsync(s_question).GetAsyncEnumerator();
        Next(response);
        Skip();
        return response;
    }

    private sealed class Model : IChatClient
    {
        private static readonly ChatResponseUpdate[] s_updates =
            [.. Pieces.Prepend("So").Select(static piece => new ChatResponseUpdate(ChatRole.Assistant, piece) { MessageId = "msg_1" })];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

#pragma warning disable CS1998 // It has all that it says.
        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages,
            ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
#pragma warning restore CS1998
        {
            foreach (var update in s_updates)
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
