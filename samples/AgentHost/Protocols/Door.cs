using AgentHost.Endpoints;
using AgentHost.Options;
using AgentHost.Sessions;

namespace AgentHost.Protocols;

/// <summary>Finds the session behind what a client calls its conversation.</summary>
internal sealed class Door(SessionRegistry sessions, AgentHostOptions options)
{
    /// <summary>Finds a conversation's session, or makes one.</summary>
    /// <param name="threadId">What the client calls it; null for a new one.</param>
    /// <param name="member">Where in the request it says so.</param>
    /// <param name="session">The session.</param>
    /// <param name="abandon">Undoes the making; null when there was none.</param>
    /// <returns>Why there is none; null when there is.</returns>
    public Refusal? TryEnter(string? threadId, string member, out Session? session, out Action? abandon)
    {
        (session, abandon) = (null, null);
        if (threadId is not null && !Said.IsId(threadId))
        {
            return Refusal.BadRequest($"'{member}' is no name for a conversation. Send 1 to 128 characters, none of them a control character.");
        }

        if (!sessions.TryOpen(threadId, out session, out var isNew))
        {
            return Refusal.TooManySessions(options.MaxSessions);
        }

        if (isNew)
        {
            var created = session;
            abandon = () => sessions.Abandon(created);
        }

        return null;
    }

    /// <summary>The session of a conversation; null when there is none.</summary>
    public Session? Find(string? threadId) => threadId is null ? null : sessions.FindThread(threadId);
}
