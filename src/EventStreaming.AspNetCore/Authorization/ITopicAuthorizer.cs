using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Says who may see which topic. Asked at every connect, a reconnect included, and when a ticket is made; what it has allowed until some
/// time ends then, and the client must come back and be asked again.
/// </summary>
/// <remarks>
/// Register it with <c>AddTopicAuthorizer</c>, or as a service; it may be scoped. It is asked before anything else is looked at that the
/// client sent. Without one, every topic that the bus has may be seen by everyone whom the host's own authorization lets through.
/// </remarks>
public interface ITopicAuthorizer
{
    /// <summary>Decides.</summary>
    /// <param name="context">The request, with its user.</param>
    /// <param name="topic">The topic's name, as the client sent it: well-formed, and nothing more is known of it.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    ValueTask<TopicAccess> AuthorizeAsync(HttpContext context, string topic, CancellationToken cancellationToken);
}
