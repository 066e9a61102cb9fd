using System.Net;
using EventStreaming.Agents.Runner;

namespace EventStreaming.Agents;

/// <summary>A service has no room for the request now: the runner tries again later. Throw it where a client's own exception does not say so.</summary>
public sealed class CapacityException : Exception
{
    /// <summary>Creates one.</summary>
    public CapacityException()
        : base("The service has no capacity left for now.")
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened.</param>
    public CapacityException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why, or null.</param>
    public CapacityException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="retryAfter">How long the service asks to wait, or null.</param>
    /// <param name="innerException">Why, or null.</param>
    public CapacityException(string message, TimeSpan? retryAfter, Exception? innerException = null)
        : base(message, innerException)
    {
        RetryAfter = retryAfter;
    }

    /// <summary>How long the service asks to wait before the next attempt; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>
    /// Whether an exception, or one that lies under it, says that a service has no room now: a <see cref="CapacityException"/>, an <see cref="HttpRequestException"/> of 429 or 503, or, unless it is
    /// an <see cref="ArgumentException"/>, a message with the word "capacity".
    /// </summary>
    /// <param name="exception">It.</param>
    public static bool IsCapacityError(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return CapacityErrors.IsCapacityError(exception);
    }

    /// <summary>Throws one when a response says 429 or 503, with what its <c>Retry-After</c> says (RFC 9110, section 10.2.3).</summary>
    /// <remarks>To be called before <see cref="HttpResponseMessage.EnsureSuccessStatusCode"/>, whose exception no longer knows the header.</remarks>
    /// <param name="response">The response.</param>
    /// <param name="timeProvider">The clock that a date in the header is compared with; null for the system's.</param>
    /// <exception cref="CapacityException">The response says 429 or 503.</exception>
    public static void ThrowIfAtCapacity(HttpResponseMessage response, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return;
        }

        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - (timeProvider ?? TimeProvider.System).GetUtcNow();
        throw new CapacityException(
            $"The service answered {(int)response.StatusCode} ({response.ReasonPhrase}).", wait is { } given && given < TimeSpan.Zero ? TimeSpan.Zero : wait);
    }
}
