namespace AgentHost.Jobs.Alerts;

/// <summary>The types of alerts, and how to tell them.</summary>
internal static class AlertType
{
    public const string WashTrade = "wash_trade";
    public const string InsiderTrading = "insider_trading";

    public static bool IsKnown(string? type) => type is WashTrade or InsiderTrading;

    /// <summary>The name of the agent for a type.</summary>
    public static string AgentOf(string type) => type + "_agent";

    /// <summary>What type an alert is of: what it says itself, or else what it has.</summary>
    /// <returns>Null when that cannot be told.</returns>
    public static string? Determine(Alert alert) =>
        IsKnown(alert.Type) ? alert.Type
        : (alert.Announcement is not null, alert.WindowMinutes is not null) switch
        {
            (true, false) => InsiderTrading,
            (false, true) => WashTrade,
            _ => null,
        };
}
