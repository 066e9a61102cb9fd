using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore;

/// <summary>Asks a bus's topic source, if it has one, for what a client wants to watch.</summary>
internal static class TopicSource
{
    /// <summary>The bus's own, or the host's.</summary>
    public static ITopicSource? Find(IServiceProvider services, EventBus bus) =>
        services.GetKeyedService<ITopicSource>(bus.Name) ?? services.GetService<ITopicSource>();

    /// <summary>Has the topic brought here. Without a source there is nothing to bring.</summary>
    /// <param name="context">The request, which may have come through other sources.</param>
    /// <param name="bus">The topic's bus.</param>
    /// <param name="topic">The topic, which the client may see.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    public static ValueTask<TopicOpening> OpenAsync(HttpContext context, EventBus bus, string topic, CancellationToken cancellationToken) =>
        Find(context.RequestServices, bus) is { } source
            ? source.OpenAsync(new TopicRequest(topic, ViaHeader.Read(context.Request.Headers.Via)), cancellationToken)
            : ValueTask.FromResult(TopicOpening.NotMine);

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
