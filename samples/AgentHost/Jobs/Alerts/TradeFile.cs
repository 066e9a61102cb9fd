using System.Globalization;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Alerts;

/// <summary>Reads trades: CSV whose first line names the columns, in any order.</summary>
internal static class TradeFile
{
    private static readonly string[] Columns = ["time", "trader", "owner", "account", "symbol", "side", "quantity", "price"];

    /// <exception cref="AgentRunException">There is none, or it is not as it should be.</exception>
    public static async Task<string> ReadTextAsync(FileTools files, string name, CancellationToken cancellationToken)
    {
        FileText file;
        try
        {
            file = await files.ReadAsync(name, cancellationToken);
        }
        catch (FileToolException exception)
        {
            throw new AgentRunException("trades_unreadable", exception.Message);
        }

        return !file.IsCut ? file.Text
            : throw new AgentRunException("trades_unreadable", FormattableString.Invariant($"'{name}' is longer than {FileTools.MaxBytes} bytes; send the trades of a shorter time."));
    }

    /// <exception cref="AgentRunException">It is not as it should be.</exception>
    public static IReadOnlyList<Trade> Parse(string name, string text)
    {
        var lines = text.Split('\n');
        var header = lines[0].Trim().Split(',').Select(static column => column.Trim().ToLowerInvariant()).ToArray();
        var at = Array.ConvertAll(Columns, column => Array.IndexOf(header, column));
        if (Array.IndexOf(at, -1) is var missing and >= 0)
        {
            throw new AgentRunException("trades_unreadable", $"'{name}' has no column '{Columns[missing]}'; its first line names them: {string.Join(',', Columns)}.");
        }

        var trades = new List<Trade>();
        for (var i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim() is { Length: > 0 } line)
            {
                var fields = line.Split(',');
                trades.Add(TryParse(i + 1, fields.Length == header.Length ? Array.ConvertAll(at, index => fields[index].Trim()) : null)
                    ?? throw new AgentRunException("trades_unreadable", FormattableString.Invariant($"Line {i + 1} of '{name}' is no trade: '{line}'.")));
            }
        }

        return trades;
    }

    private static Trade? TryParse(int line, string[]? fields) =>
        fields is [var time, var trader, var owner, var account, var symbol, var side, var quantity, var price]
        && DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
        && side.ToLowerInvariant() is "buy" or "sell"
        && decimal.TryParse(quantity, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
        && decimal.TryParse(price, NumberStyles.Number, CultureInfo.InvariantCulture, out var each)
            ? new Trade(line, at, trader, owner, account, symbol, string.Equals(side, "buy", StringComparison.OrdinalIgnoreCase), amount, each)
            : null;
}
