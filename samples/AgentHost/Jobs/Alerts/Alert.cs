namespace AgentHost.Jobs.Alerts;

/// <summary>What an alert file says.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="Trades">The CSV file of the trades, beside it.</param>
/// <param name="Type"><c>wash_trade</c> or <c>insider_trading</c>; null: what else it says tells that.</param>
/// <param name="Symbol">What was traded; null: everything.</param>
/// <param name="WindowMinutes">Of wash trades, how close a buy and a sell are at most.</param>
/// <param name="Announcement">Of insider trading, when the news was out.</param>
/// <param name="Trader">Of insider trading, who is suspected; null: everybody.</param>
internal sealed record Alert(
    string? AlertId = null,
    string? Trades = null,
    string? Type = null,
    string? Symbol = null,
    int? WindowMinutes = null,
    DateTimeOffset? Announcement = null,
    string? Trader = null);
