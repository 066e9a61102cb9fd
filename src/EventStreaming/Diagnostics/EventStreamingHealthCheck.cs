using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EventStreaming;

/// <summary>
/// Says how a bus is: unhealthy when it takes no more events, degraded when it stops its readers or nears a limit, at 90 % of the
/// topics or subscriptions allowed.
/// </summary>
/// <remarks>
/// For the host's own bus: <c>AddHealthChecks().AddCheck&lt;EventStreamingHealthCheck&gt;("event-streaming")</c>. For a named one:
/// <code>
/// AddHealthChecks().Add(new HealthCheckRegistration(
///     "jobs", services => new EventStreamingHealthCheck(services.GetRequiredKeyedService&lt;EventBus&gt;("jobs")), null, null))
/// </code>
/// </remarks>
/// <param name="bus">The bus.</param>
public sealed class EventStreamingHealthCheck(EventBus bus) : IHealthCheck
{
    private const double Near = 0.9;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["topics"] = bus.TopicCount,
            ["subscriptions"] = bus.SubscriptionCount,
            ["historyBytes"] = bus.HistoryBytes,
            ["maxLag"] = bus.MaxLag,
        };
        return Task.FromResult(Judge(data));
    }

    private HealthCheckResult Judge(Dictionary<string, object> data)
    {
        if (bus.IsDisposed)
        {
            return HealthCheckResult.Unhealthy($"The bus '{bus.Name}' has been disposed.", data: data);
        }

        if (bus.IsStopping)
        {
            return HealthCheckResult.Degraded($"The bus '{bus.Name}' is stopping.", data: data);
        }

        if (bus.TopicCount >= Near * bus.Options.Topics.MaxCount)
        {
            return HealthCheckResult.Degraded($"{bus.TopicCount} topics, near the limit of {bus.Options.Topics.MaxCount}.", data: data);
        }

        return bus.SubscriptionCount >= Near * bus.Options.MaxSubscriptions
            ? HealthCheckResult.Degraded($"{bus.SubscriptionCount} subscriptions, near the limit of {bus.Options.MaxSubscriptions}.", data: data)
            : HealthCheckResult.Healthy($"{bus.TopicCount} topics, {bus.SubscriptionCount} subscriptions.", data);
    }
}
