namespace EventStreaming.Agents.Upcasting;

/// <summary>What each run of a session has used so far, turn by turn.</summary>
internal sealed class SessionUsage
{
    private readonly OrderedDictionary<string, TokenUsage> _usage = new(StringComparer.Ordinal);

    public void Count(in LegacyEvent item)
    {
        if (LegacyPayloads.Usage(item.Data) is { } turn)
        {
            var run = item.RunId ?? string.Empty;
            var sum = _usage.TryGetValue(run, out var known) ? known : new TokenUsage(0, 0);
            _usage[run] = new TokenUsage(Sum(sum.InputTokens, turn.InputTokens), Sum(sum.OutputTokens, turn.OutputTokens));
            if (_usage.Count > LegacyLimits.MaxOpen)
            {
                _usage.RemoveAt(0);
            }
        }
    }

    private static long Sum(long sum, long more) => Math.Min(sum, long.MaxValue / 2) + Math.Min(more, long.MaxValue / 2);

    /// <summary>What a run has used, which has ended.</summary>
    public TokenUsage? Take(in LegacyEvent item) => _usage.Remove(item.RunId ?? string.Empty, out var usage) ? usage : null;
}
