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
    public async Task<SseFrame> NextEventAsync()
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

    public async Task<IReadOnlyList<SseFrame>> NextEventsAsync(int count)
    {
        var frames = new List<SseFrame>();
        while (frames.Count < count)
        {
            frames.Add(await NextEventAsync());
        }

        return frames;
    }

    /// <summary>All that is left, until the stream ends in order.</summary>
    public async Task<IReadOnlyList<SseFrame>> ReadToEndAsync()
    {
        var frames = new List<SseFrame>();
        while (await NextAsync() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    public Task<string> ReadTextAsync() => response.Content.ReadAsStringAsync().WithinSafetyAsync();

    public void Dispose() => response.Dispose();
}
