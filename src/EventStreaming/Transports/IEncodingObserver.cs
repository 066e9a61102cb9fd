namespace EventStreaming;

/// <summary>Hears of events that cannot be written in a wire format: the bus, or a test.</summary>
internal interface IEncodingObserver
{
    void OnUnencodable(StreamEvent item, EventEncoder encoder, Exception exception);
}
