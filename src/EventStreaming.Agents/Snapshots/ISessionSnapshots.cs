namespace EventStreaming.Agents;

/// <summary>Tells how sessions stand.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ISessionSnapshots
{
    /// <summary>How a session stands; null when nothing is known of it.</summary>
    /// <param name="topic">The session's topic.</param>
    SessionSnapshot? Find(string topic);
}
