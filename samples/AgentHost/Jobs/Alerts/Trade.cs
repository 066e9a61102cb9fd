namespace AgentHost.Jobs.Alerts;

/// <summary>A trade.</summary>
/// <param name="Line">Its line in the file.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Trader">Who made it.</param>
/// <param name="Owner">The beneficial owner: whose it is in the end.</param>
/// <param name="Account">The account it was made for.</param>
/// <param name="Symbol">What was traded.</param>
/// <param name="IsBuy">Whether it was bought, or sold.</param>
/// <param name="Quantity">How much.</param>
/// <param name="Price">For how much each.</param>
internal sealed record Trade(int Line, DateTimeOffset Time, string Trader, string Owner, string Account, string Symbol, bool IsBuy, decimal Quantity, decimal Price);
