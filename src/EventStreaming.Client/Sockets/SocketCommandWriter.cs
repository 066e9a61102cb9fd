using System.Net.WebSockets;
using System.Threading.Channels;

namespace EventStreaming.Client;

/// <summary>The one place where a socket is written to. Whoever asks for something need not wait: a reader that did, while the server waits for it to read, would wait for ever.</summary>
/// <remarks>What waits has a bound: each topic has one subscribe and one unsubscribe under way at most.</remarks>
internal sealed class SocketCommandWriter(WebSocket socket, TimeSpan timeout, TimeProvider timeProvider)
{
    private readonly Channel<ReadOnlyMemory<byte>> _commands = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });

    public void Write(ReadOnlyMemory<byte> command) => _commands.Writer.TryWrite(command);

    /// <summary>Sends commands until it is completed, or the socket cannot be written to.</summary>
    public async Task RunAsync()
    {
        await foreach (var command in _commands.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await socket.SendAsync(command, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None)
                    .AsTask().WaitAsync(timeout, timeProvider).ConfigureAwait(false);
            }
            catch (TimeoutException exception)
            {
                throw new TimeoutException($"The server did not take a message within {timeout} (EventSocketClientOptions.ReadTimeout).", exception);
            }
        }
    }

    public void Complete() => _commands.Writer.TryComplete();
}
