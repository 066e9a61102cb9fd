using System.Text.Json;

namespace AgentHost.Jobs.Alerts;

/// <summary>Asks an agent to analyse an alert whose files it does not see.</summary>
/// <param name="Kind">The alert's type.</param>
/// <param name="Alert">The alert, as its file has it.</param>
/// <param name="Trades">The text of the file of its trades.</param>
internal sealed record AnalysisRequest(string? Kind = null, JsonElement? Alert = null, string? Trades = null);
