using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Asks a bus's topic source for what a client wants to watch.</summary>
internal static class TopicSource
{
    /// <summary>Has the topic brought here.</summary>
    /// <param name="source">The source.</param>
    /// <param name="context">The request, which may have come through other sources.</param>
    /// <param name="topic">The topic, which the client may see.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    public static ValueTask<TopicOpening> OpenAsync(ITopicSource source, HttpContext context, string topic, CancellationToken cancellationToken) =>
        source.OpenAsync(new TopicRequest(topic, ViaHeader.Read(context.Request.Headers.Via)), cancellationToken);

    /// <summary>Why the topic cannot be watched; null when it can, or when the client is to be told in the stream.</summary>
    public static Refusal? RefusalOf(TopicOpening opening, EventBus bus, in TopicAdmission admission) => opening.Status switch
    {
        TopicOpeningStatus.NotMine when admission.MustExist && bus.FindTopic(admission.Topic!) is null => Refusal.NoSuchTopic, // What is admitted has a name.
        TopicOpeningStatus.NotFound => Refusal.NoSuchTopic,
        TopicOpeningStatus.Forbidden => Refusal.SourceForbidden,
        TopicOpeningStatus.Failed => Refusal.SourceFailed,
        TopicOpeningStatus.Loop => Refusal.SourceLoop,
        _ => null,
    };
}
