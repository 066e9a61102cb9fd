namespace EventStreaming.Client;

/// <summary>One response, being read.</summary>
internal sealed class StreamConnection : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly SseReader _reader;
    private readonly IAsyncEnumerator<SseFrame> _frames;
    private readonly TimeProvider _timeProvider;
    private readonly long _openedAt;

    // A handler of a factory's is taken away when no client of it is left, and its connections with it.
    private readonly HttpClient _client;

    public StreamConnection(
        HttpClient client, HttpResponseMessage response, Stream body, SseReaderOptions options, string? lastEventId, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _client = client;
        _response = response;
        _reader = new SseReader(body, options, lastEventId, timeProvider);
        _frames = _reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        _timeProvider = timeProvider;
        _openedAt = timeProvider.GetTimestamp();
    }

    public SseFrame Current => _frames.Current;

    public string? LastEventId => _reader.LastEventId;

    /// <summary>How long the server asks to wait before a reconnect; null if it has not asked.</summary>
    public TimeSpan? Retry => _reader.Retry;

    /// <summary>Why the server said it would end the stream; null while it has not.</summary>
    public EndReason? AnnouncedEnd { get; set; }

    public TimeSpan Age => _timeProvider.GetElapsedTime(_openedAt);

    public ValueTask<bool> MoveNextAsync() => _frames.MoveNextAsync();

    public async ValueTask DisposeAsync()
    {
        await _frames.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
        GC.KeepAlive(_client);
    }
}
