namespace EventStreaming.Client;

/// <summary>One response, being read.</summary>
internal sealed class StreamConnection : IStreamConnection
{
    private readonly HttpResponseMessage _response;
    private readonly SseReader _reader;
    private readonly IAsyncEnumerator<SseFrame> _frames;
    private readonly TimeSpan _readTimeout;
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
        _readTimeout = options.ReadTimeout;
        _timeProvider = timeProvider;
        _openedAt = timeProvider.GetTimestamp();
    }

    public SseFrame Current => _frames.Current;

    public string? LastEventId => _reader.LastEventId;

    public TimeSpan? Retry => _reader.Retry;

    public EndReason? AnnouncedEnd { get; set; }

    // A server's connections are a stream's own.
    public bool MayResumeAtOnce => false;

    public ValueTask<bool> MoveNextAsync() => _frames.MoveNextAsync();

    public TimeSpan LifetimeUntil(Exception loss)
    {
        // The silence of a dead connection is not stability.
        var age = _timeProvider.GetElapsedTime(_openedAt);
        return loss is TimeoutException ? age - _readTimeout : age;
    }

    public async ValueTask DisposeAsync()
    {
        await _frames.DisposeAsync().ConfigureAwait(false);
        _response.Dispose();
        GC.KeepAlive(_client);
    }
}
