namespace EventStreaming;

/// <summary>Hears of events that cannot be written in a wire format. Called outside every lock.</summary>
internal interface IEncodingObserver
{
    void OnUnencodable(StreamEvent item, EventEncoder encoder, Exception exception);
}
