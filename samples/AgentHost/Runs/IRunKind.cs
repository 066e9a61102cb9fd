using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Sessions;

namespace AgentHost.Runs;

/// <summary>A sort of run that can be asked for.</summary>
internal interface IRunKind
{
    /// <summary>Its name, as requests have it.</summary>
    string Name { get; }

    /// <summary>Makes a plan of a request.</summary>
    /// <param name="session">Where the run tells what it does.</param>
    /// <param name="request">The request's JSON.</param>
    /// <param name="plan">The plan, when there is one.</param>
    /// <returns>Why there is none; null when there is.</returns>
    Refusal? TryPlan(Session session, JsonElement request, out RunPlan? plan);
}
