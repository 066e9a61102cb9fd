namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Tells of every session that it stands as given.</summary>
internal sealed class FixedSnapshots(SessionSnapshot? snapshot) : ISessionSnapshots
{
    public SessionSnapshot? Find(string topic) => snapshot;
}
