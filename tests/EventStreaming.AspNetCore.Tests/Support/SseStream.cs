using System.Net;
using EventStreaming.Tests.Support;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A client's side of one connection.</summary>
internal sealed class SseStream(HttpResponseMessage response) : IDisposable
{
    private SseFrameReader? _reader;

    public HttpResponseMessage Response => response;

    public HttpStatusCode Status => response.StatusCode;

    /// <summary>The next block; null when the stream has ended in order.</summary>
    public async Task<SseFrame?> NextAsync()
    {
        _reader ??= new SseFrameReader(await response.Content.ReadAsStreamAsync());
        return await _reader.ReadAsync().WithinSafetyAsync();
    }

    /// <summary>The next block of an event, past the keepalives and retries before it.</summary>
    public Task<SseFrame> NextEventAsync() => ReadEventAsync().WithinSafetyAsync();

    public Task<IReadOnlyList<SseFrame>> NextEventsAsync(int count) => ReadUntilAsync(frames => frames.Count == count);

    /// <summary>All events up to the one that is looked for, that included.</summary>
    public Task<IReadOnlyList<SseFrame>> ReadUntilAsync(Func<SseFrame, bool> isLast) => ReadUntilAsync(frames => frames is [.., var last] && isLast(last));

    /// <summary>All that is left, until the stream ends in order.</summary>
    public async Task<IReadOnlyList<SseFrame>> ReadToEndAsync()
    {
        var frames = new List<SseFrame>();
        await ReadAsync().WithinSafetyAsync();
        return frames;

        async Task ReadAsync()
        {
            while (await NextAsync() is { } frame)
            {
                frames.Add(frame);
            }
        }
    }

    public Task<string> ReadTextAsync() => response.Content.ReadAsStringAsync().WithinSafetyAsync();

    public void Dispose() => response.Dispose();

    private async Task<SseFrame> ReadEventAsync()
    {
        while (await NextAsync() is { } frame)
        {
            if (frame.Data is not null)
            {
                return frame;
            }
        }

        throw new EndOfStreamException("The stream has ended.");
    }

    /// <summary>One limit for all that is read: keepalives come in time whatever else is missing. The message says what came instead.</summary>
    private async Task<IReadOnlyList<SseFrame>> ReadUntilAsync(Func<IReadOnlyList<SseFrame>, bool> isEnough)
    {
        var frames = new List<SseFrame>();
        try
        {
            await ReadAsync().WithinSafetyAsync();
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"What was waited for did not come; {frames.Count} events did, at last {frames.LastOrDefault()}.", exception);
        }

        return frames;

        async Task ReadAsync()
        {
            while (!isEnough(frames))
            {
                frames.Add(await ReadEventAsync());
            }
        }
    }
}
