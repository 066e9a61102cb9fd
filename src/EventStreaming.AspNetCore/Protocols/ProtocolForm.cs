using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>One viewer's stream in a protocol.</summary>
internal sealed class ProtocolForm(EventProtocol protocol, EventProtocolStream stream, EventPumpOptions pump, TimeProvider timeProvider) : StreamForm
{
    /// <summary>The protocol's word alone counts: of a topic that is over it may still have to say how it stands.</summary>
    public override bool IsNothingLeft(EventSubscription subscription) => stream.IsOver;

    /// <summary>The protocol has the last word, as without what it needs it would not be one; but what the host holds back stays held back.</summary>
    public override void Configure(SubscriptionOptions subscription)
    {
        var (topic, held) = (subscription.Topic, subscription.Predicate);
        stream.Configure(subscription);
        subscription.Topic = topic;
        if (held is not null && subscription.Predicate != held)
        {
            var wanted = subscription.Predicate;
            subscription.Predicate = wanted is null ? held : item => held(item) && wanted(item);
        }
    }

    public override IEventSink CreateSink(HttpContext context, EventSubscription subscription)
    {
        SetHeaders(context.Response, protocol);
        return new ProtocolSink(context, protocol.Format, stream, subscription, pump.KeepAliveInterval, timeProvider);
    }

    /// <summary>With a status: who speaks a protocol does not come back by itself, and shall see that it was not served.</summary>
    public override Task<Refusal?> EndAtOnceAsync(HttpContext context, StreamEvent? notice) =>
        Task.FromResult<Refusal?>(notice is null ? Refusal.Stopping : Refusal.SourceAway);

    /// <summary>Makes the response a stream of the protocol.</summary>
    public static void SetHeaders(HttpResponse response, EventProtocol protocol)
    {
        SseResponse.Prepare(response);
        foreach (var (name, value) in protocol.Headers)
        {
            response.Headers[name] = value;
        }
    }
}
