using AgentHost.Options;
using EventStreaming.AspNetCore;

namespace AgentHost.Sessions;

/// <summary>A session may be watched from its creation to its deletion, be there anything to see or not. Of those that are not here the host relayed from knows, if there is one.</summary>
internal sealed class SessionAuthorizer(SessionRegistry sessions, AgentHostOptions options) : ITopicAuthorizer
{
    public ValueTask<TopicAccess> AuthorizeAsync(HttpContext context, string topic, CancellationToken cancellationToken) =>
        ValueTask.FromResult(sessions.Find(topic) is null && options.RelayFrom is null ? TopicAccess.NotFound : TopicAccess.Allowed());
}
