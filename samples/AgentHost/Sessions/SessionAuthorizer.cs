using EventStreaming.AspNetCore;

namespace AgentHost.Sessions;

/// <summary>A session may be watched from its creation to its deletion, be there anything to see or not.</summary>
internal sealed class SessionAuthorizer(SessionRegistry sessions) : ITopicAuthorizer
{
    public ValueTask<TopicAccess> AuthorizeAsync(HttpContext context, string topic, CancellationToken cancellationToken) =>
        ValueTask.FromResult(sessions.Find(topic) is null ? TopicAccess.NotFound : TopicAccess.Allowed());
}
