using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.AspNetCore;

/// <summary>How many connections are open, in this host, for each topic and for each principal. Thread-safe.</summary>
internal sealed class ConnectionLimits(EventStreamHttpOptions options)
{
    private const string TheHost = "";

    public KeyedLimit Host { get; } = new(options.MaxConnections);

    public KeyedLimit Topics { get; } = new(options.MaxConnectionsPerTopic);

    public KeyedLimit Principals { get; } = new(options.MaxConnectionsPerPrincipal);

    /// <summary>How many connections are open in all.</summary>
    public int Count => Host.CountOf(TheHost);

    /// <summary>Counts a connection, or says which limit is reached.</summary>
    /// <param name="bus">The topic's bus.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="principal">Who connects; null for no one in particular.</param>
    /// <param name="lease">Gives it back.</param>
    /// <param name="exceeded">The limit.</param>
    public bool TryEnter(
        string bus,
        string topic,
        string? principal,
        [NotNullWhen(true)] out ConnectionLease? lease,
        [NotNullWhen(false)] out ConnectionLimit? exceeded)
    {
        var taken = new ConnectionLease();
        exceeded = TakeHost(taken) ?? TakeTopic(taken, bus, topic) ?? TakePrincipal(taken, principal);
        return Keep(taken, exceeded, out lease);
    }

    /// <summary>Counts a connection that is none to a topic yet.</summary>
    public bool TryEnterConnection(string? principal, [NotNullWhen(true)] out ConnectionLease? lease, [NotNullWhen(false)] out ConnectionLimit? exceeded)
    {
        var taken = new ConnectionLease();
        exceeded = TakeHost(taken) ?? TakePrincipal(taken, principal);
        return Keep(taken, exceeded, out lease);
    }

    /// <summary>Counts what a connection shows of a topic.</summary>
    public bool TryEnterTopic(string bus, string topic, [NotNullWhen(true)] out ConnectionLease? lease, [NotNullWhen(false)] out ConnectionLimit? exceeded)
    {
        var taken = new ConnectionLease();
        exceeded = TakeTopic(taken, bus, topic);
        return Keep(taken, exceeded, out lease);
    }

    private static bool Keep(ConnectionLease taken, [NotNullWhen(false)] ConnectionLimit? exceeded, [NotNullWhen(true)] out ConnectionLease? lease)
    {
        lease = taken;
        if (exceeded is null)
        {
            return true;
        }

        taken.Dispose();
        lease = null;
        return false;
    }

    private ConnectionLimit? TakeHost(ConnectionLease lease) => lease.TryTake(Host, TheHost) ? null : ConnectionLimit.Host;

    // No topic's name has a control character.
    private ConnectionLimit? TakeTopic(ConnectionLease lease, string bus, string topic) => lease.TryTake(Topics, $"{bus}\n{topic}") ? null : ConnectionLimit.Topic;

    private ConnectionLimit? TakePrincipal(ConnectionLease lease, string? principal) =>
        principal is null || lease.TryTake(Principals, principal) ? null : ConnectionLimit.Principal;
}
