using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>Tool calls that have begun and not ended, in that order.</summary>
internal sealed class LegacyCalls
{
    private readonly List<(string Key, Guid Id, LegacyEvent Start)> _open = [];

    /// <summary>A call has begun. For one too many the oldest is ended.</summary>
    /// <param name="key">What its end is known by; several may have the same.</param>
    /// <param name="id">The call's id here.</param>
    /// <param name="start">What it began with; its payload is not kept.</param>
    /// <param name="drafts">Is given the end of the oldest.</param>
    public void Add(string key, Guid id, in LegacyEvent start, ICollection<EventDraft> drafts)
    {
        _open.Add((key, id, start.WithoutData()));
        if (_open.Count > LegacyLimits.MaxOpen)
        {
            End(0, "Too many calls were open.", drafts);
        }
    }

    /// <summary>Takes the oldest of a key.</summary>
    public bool TryTake(string key, out Guid id)
    {
        var at = _open.FindIndex(call => string.Equals(call.Key, key, StringComparison.Ordinal));
        id = at < 0 ? default : _open[at].Id;
        if (at >= 0)
        {
            _open.RemoveAt(at);
        }

        return at >= 0;
    }

    public void EndWhere(Func<string, LegacyEvent, bool> isMeant, string error, ICollection<EventDraft> drafts)
    {
        for (var at = 0; at < _open.Count;)
        {
            if (isMeant(_open[at].Key, _open[at].Start))
            {
                End(at, error, drafts);
            }
            else
            {
                at++;
            }
        }
    }

    private void End(int at, string error, ICollection<EventDraft> drafts)
    {
        var (_, id, start) = _open[at];
        _open.RemoveAt(at);
        drafts.Add(start.Draft(AgentEvents.ToolCallComplete, new ToolCallCompleted(id, Error: error)));
    }
}
