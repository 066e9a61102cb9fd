namespace AgentHost.Jobs.Alerts;

/// <summary>A trader's trades before an announcement, and the others.</summary>
/// <param name="Trader">The trader.</param>
/// <param name="Before">The trades before it.</param>
/// <param name="Usual">How much a trade of the trader's is otherwise; 0 when there is none.</param>
/// <param name="Largest">The largest before it.</param>
internal sealed record InsiderComparison(string Trader, IReadOnlyList<Trade> Before, decimal Usual, decimal Largest);
