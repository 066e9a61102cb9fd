using System.Text.Json;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Models;

/// <summary>Asks a person for yes or no.</summary>
internal static class Confirmation
{
    private static readonly JsonElement s_schema = JsonElement.Parse("""{"type":"boolean"}""");

    /// <returns>Whether the answer is yes; whatever else it is, it is no.</returns>
    public static async Task<bool> AskAsync(AgentRun run, string prompt, CancellationToken cancellationToken) =>
        (await run.RequestInputAsync(prompt, s_schema, cancellationToken: cancellationToken)).ValueKind == JsonValueKind.True;
}
