using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>A stream that begins with how its topic stands.</summary>
internal sealed class PreludeForm(StreamForm inner, StreamEvent prelude) : StreamForm
{
    /// <summary>There is that at least.</summary>
    public override bool IsNothingLeft(EventSubscription subscription) => false;

    public override void Configure(SubscriptionOptions subscription) => inner.Configure(subscription);

    public override IEventSink CreateSink(HttpContext context, EventSubscription subscription) => new PreludeSink(inner.CreateSink(context, subscription), prelude);

    public override Task<Refusal?> EndAtOnceAsync(HttpContext context, StreamEvent? notice) => inner.EndAtOnceAsync(context, notice);
}
