namespace EventStreaming;

/// <summary>Tells how topics stand, for viewers who would rather begin with that than with all that has happened.</summary>
/// <remarks>Register it with the bus's name as its key. Thread-safe.</remarks>
public interface ITopicSnapshots
{
    /// <summary>How a topic stands.</summary>
    /// <param name="topic">The topic.</param>
    /// <returns>
    /// An event that nobody published, made with <see cref="StreamEvent.CreateSnapshot"/>: subscribed from its <see cref="StreamEvent.Cursor"/>, one gets everything that is not in it, and nothing
    /// that is. Null when nothing is known. The same as before while nothing has changed: then its bytes are made once for all.
    /// </returns>
    StreamEvent? FindSnapshot(string topic);
}
