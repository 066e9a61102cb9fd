using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace EventStreaming.Agents.Mapping;

/// <summary>Takes a stream apart into events, holding no more than the largest of them.</summary>
internal static class StreamItems
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <param name="stream">Limits SSE events itself.</param>
    /// <param name="format">How the events are put into it.</param>
    /// <param name="maxLineBytes">The longest line that is read, where lines are events.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static IAsyncEnumerable<StreamItem> ReadAsync(BoundedStream stream, EventImportFormat format, int maxLineBytes, CancellationToken cancellationToken) =>
        format is EventImportFormat.JsonLines ? ReadLinesAsync(stream, maxLineBytes, cancellationToken) : ReadServerSentEventsAsync(stream, cancellationToken);

    private static async IAsyncEnumerable<StreamItem> ReadServerSentEventsAsync(BoundedStream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parser = SseParser.Create(stream, static (_, data) => data.ToArray());
        await foreach (var item in parser.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new StreamItem(item.Data, item.EventType);
        }
    }

    private static async IAsyncEnumerable<StreamItem> ReadLinesAsync(BoundedStream stream, int maxBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(16_384, maxBytes + 1)];
        var (start, end) = (0, 0);
        var (isSkipping, isFirst) = (false, true);
        while (true)
        {
            // The buffer holds [start, end), in which no line end was found, or which has not been searched.
            var length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = buffer.AsMemory(start, length);
                start += length + 1;
                if (!isSkipping)
                {
                    yield return new StreamItem(isFirst && line.Span.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line);
                }

                (isSkipping, isFirst) = (false, false);
                continue;
            }

            if (end - start > maxBytes)
            {
                if (!isSkipping)
                {
                    yield return new StreamItem(default, IsTooLong: true);
                }

                (isSkipping, start, end) = (true, 0, 0);
            }

            if (end == buffer.Length)
            {
                var room = start > 0 ? buffer : new byte[(int)Math.Min((long)buffer.Length * 2, maxBytes + 1L)];
                buffer.AsSpan(start, end - start).CopyTo(room);
                (buffer, start, end) = (room, 0, end - start);
            }

            var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                if (end > start && !isSkipping)
                {
                    yield return new StreamItem(buffer.AsMemory(start, end - start));
                }

                yield break;
            }

            end += read;
        }
    }
}
