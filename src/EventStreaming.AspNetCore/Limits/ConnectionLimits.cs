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
        // No topic's name has a control character.
        var topicKey = $"{bus}\n{topic}";
        var taken = new ConnectionLease();
        exceeded =
            !taken.TryTake(Host, TheHost) ? ConnectionLimit.Host
            : !taken.TryTake(Topics, topicKey) ? ConnectionLimit.Topic
            : principal is not null && !taken.TryTake(Principals, principal) ? ConnectionLimit.Principal
            : null;
        lease = taken;
        if (exceeded is null)
        {
            return true;
        }

        taken.Dispose();
        lease = null;
        return false;
    }
}
