using System.Net.WebSockets;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class CoalescingTests
{
    [Test]
    public async Task A_batch_goes_out_in_one_write_and_each_event_is_still_a_message()
    {
        var connection = new CountingStream();
        var stream = new CoalescingStream(connection);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
        var writer = new SocketWriter(socket, stream);
        await using var bus = new EventBus();
        var batch = Enumerable.Range(0, 50).Select(number => bus.Publish("a", "x", number)).ToArray();
        var encoder = new SocketMessageEncoder(JsonEventEncoder.Default);
        await writer.SendAsync(batch, encoder, CancellationToken.None);

        // RFC 6455, section 5.2: two bytes of head and two of length for each message that has 126 bytes or more.
        Assert.That(connection.Writes, Is.EqualTo([batch.Sum(item => 4 + encoder.GetBytes(item).Length)]));
    }

    [Test]
    public async Task What_is_more_than_the_buffer_is_written_on_the_way_and_none_is_lost()
    {
        var connection = new CountingStream();
        await using var stream = new CoalescingStream(connection);
        stream.Hold();
        for (var i = 0; i < 10; i++)
        {
            await stream.WriteAsync(new byte[10_000]);
        }

        await stream.WriteAsync(new byte[100_000]);
        await stream.ReleaseAsync();
        await stream.WriteAsync(new byte[5]);

        Assert.That(connection.Writes, Is.EqualTo([30_000, 30_000, 30_000, 10_000, 100_000, 5]));
    }

    private sealed class CountingStream : MemoryStream
    {
        public List<int> Writes { get; } = [];

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(buffer.Length);
            return ValueTask.CompletedTask;
        }
    }
}
