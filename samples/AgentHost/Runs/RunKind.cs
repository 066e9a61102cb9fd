using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentHost.Endpoints;
using AgentHost.Sessions;

namespace AgentHost.Runs;

/// <summary>A sort of run with a request of its own.</summary>
/// <param name="name">Its name, as requests have it.</param>
/// <param name="requestType">How a request is read.</param>
/// <typeparam name="TRequest">The request.</typeparam>
internal abstract class RunKind<TRequest>(string name, JsonTypeInfo<TRequest> requestType) : IRunKind
    where TRequest : class
{
    public string Name => name;

    public Refusal? TryPlan(Session session, JsonElement request, out RunPlan? plan)
    {
        plan = null;
        return RequestBody.TryRead(request, requestType, "The body", out var read, out var refusal) ? TryPlan(session, read, out plan) : refusal;
    }

    /// <inheritdoc cref="IRunKind.TryPlan"/>
    public abstract Refusal? TryPlan(Session session, TRequest request, out RunPlan? plan);
}
