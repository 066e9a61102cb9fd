namespace EventStreaming;

/// <summary>Takes a protocol's messages and frames them for a transport, as server-sent events for one.</summary>
public interface IMessageWriter
{
    /// <summary>Writes one message. Its bytes are copied.</summary>
    /// <param name="message">UTF-8 text, such as one JSON object.</param>
    void Write(ReadOnlySpan<byte> message);
}
