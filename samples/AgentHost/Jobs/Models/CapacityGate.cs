using System.Net;

namespace AgentHost.Jobs.Models;

/// <summary>What stands before a model: asked for the first time it may have no capacity left, as models at times have. Thread-safe.</summary>
/// <param name="refusesFirst">Whether the first question is refused.</param>
internal sealed class CapacityGate(bool refusesFirst)
{
    private int _asked;

    /// <summary>Lets a question through.</summary>
    /// <exception cref="HttpRequestException">There is no capacity left.</exception>
    public void Enter()
    {
        if (refusesFirst && Interlocked.Increment(ref _asked) == 1)
        {
            throw new HttpRequestException("The model has no capacity left.", inner: null, HttpStatusCode.TooManyRequests);
        }
    }
}
