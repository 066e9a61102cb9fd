using System.Net;

namespace EventStreaming.Agents.Runner;

/// <summary>What says that a service has no room for a request now.</summary>
internal static class CapacityErrors
{
    /// <summary>Whether an exception, or what lies under it, says so.</summary>
    public static bool IsCapacityError(Exception exception) => Chain(exception).Any(static inner => inner switch
    {
        CapacityException => true,
        HttpRequestException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable } => true,

        // A bug, not a full service: "(Parameter 'capacity')", "capacity was less than the current size".
        ArgumentException => false,
        _ => inner.Message.Contains("capacity", StringComparison.OrdinalIgnoreCase),
    });

    /// <summary>How long the service asks to wait; null when it does not say.</summary>
    public static TimeSpan? RetryAfterOf(Exception exception) => Chain(exception).OfType<CapacityException>().Max(static inner => inner.RetryAfter);

    private static IEnumerable<Exception> Chain(Exception exception) => exception is AggregateException several
        ? several.InnerExceptions.SelectMany(Chain)
        : exception.InnerException is { } inner ? Chain(inner).Prepend(exception) : [exception];
}
