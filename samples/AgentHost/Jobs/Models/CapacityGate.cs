using System.Net;
using System.Net.Http.Headers;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Models;

/// <summary>What stands before a model: asked for the first time it may have no capacity left, as models at times have. Thread-safe.</summary>
/// <param name="refusesFirst">Whether the first question is refused.</param>
internal sealed class CapacityGate(bool refusesFirst)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private int _asked;

    /// <summary>Lets a question through.</summary>
    /// <exception cref="CapacityException">There is no capacity left.</exception>
    public void Enter()
    {
        if (refusesFirst && Interlocked.Increment(ref _asked) == 1)
        {
            using var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
            refusal.Headers.RetryAfter = new RetryConditionHeaderValue(RetryAfter);
            CapacityException.ThrowIfAtCapacity(refusal);
        }
    }
}
