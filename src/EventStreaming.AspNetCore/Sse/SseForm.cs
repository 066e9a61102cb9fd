using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>A stream for an EventSource, which comes back by itself.</summary>
internal sealed class SseForm(SseFrameEncoder encoder, TimeSpan retry) : StreamForm
{
    public override bool IsNothingLeft(EventSubscription subscription) => subscription is { EndReason: EndReason.Completed, IsDrained: true };

    public override IEventSink CreateSink(HttpContext context, EventSubscription subscription)
    {
        SseResponse.Prepare(context.Response);
        return new SseSink(context, encoder, retry);
    }

    /// <summary>In the stream, not with a 5xx: an EventSource comes back after the end of the one, and never after the other.</summary>
    public override async Task<Refusal?> EndAtOnceAsync(HttpContext context, StreamEvent? notice)
    {
        var frame = notice is null ? default : encoder.GetBytes(notice);
        await SseResponse.EndAtOnceAsync(context.Response, frame, retry, context.RequestAborted).ConfigureAwait(false);
        return null;
    }
}
