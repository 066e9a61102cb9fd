namespace EventStreaming.Client.Tests.Support;

/// <summary>A decoder and what it has made of the bytes so far, with no end of stream to help it along.</summary>
internal sealed class SseDecoding(SseReaderOptions? options = null)
{
    private readonly SseDecoder _decoder = new(options ?? new SseReaderOptions());
    private readonly List<SseFrame> _frames = [];

    public SseOutcome Outcome => new(_frames, _decoder.Block.LastEventId, _decoder.Block.Retry);

    public int Capacity => _decoder.Block.Capacity;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (_decoder.TryRead(ref bytes, out var frame))
        {
            _frames.Add(frame);
        }
    }
}
