using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace EventStreaming.Agents.Mapping;

/// <summary>Takes a stream apart into events, holding no more than the largest of them.</summary>
internal static class StreamItems
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    public static async IAsyncEnumerable<StreamItem> ReadAsync(
        Stream stream, EventImportFormat format, EventImportOptions options, TimeProvider timeProvider, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (format is EventImportFormat.JsonLines)
        {
            await foreach (var line in ReadLinesAsync(new BoundedStream(stream, frameLimit: null, options.ReadTimeout, timeProvider), options.MaxItemBytes, cancellationToken).ConfigureAwait(false))
            {
                yield return line;
            }
        }
        else
        {
            var bounded = new BoundedStream(stream, options.MaxItemBytes, options.ReadTimeout, timeProvider);
            var parser = SseParser.Create(bounded, static (_, data) => data.ToArray());
            await foreach (var item in parser.EnumerateAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return new StreamItem(item.Data, item.EventType);
            }
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
