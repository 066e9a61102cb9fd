using System.Net.Http.Headers;

namespace EventStreaming.Client;

/// <summary>How long a server asks to wait, by <c>Retry-After</c>.</summary>
internal static class RetryAfter
{
    public static TimeSpan? Read(RetryConditionHeaderValue? header, TimeProvider timeProvider)
    {
        var wait = header?.Delta ?? header?.Date - timeProvider.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
