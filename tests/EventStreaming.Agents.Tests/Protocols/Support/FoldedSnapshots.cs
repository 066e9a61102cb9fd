using EventStreaming.Agents.Snapshots;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>How a script's session stood after some of its events: what one would know who had read them, and nothing of what came behind them.</summary>
internal sealed class FoldedSnapshots(TopicScript script, int? count = null) : ISessionSnapshots
{
    public SessionSnapshot? Find(string topic)
    {
        var events = script.Published.Take(count ?? script.Published.Count).ToList();
        if (events.Count == 0)
        {
            return null;
        }

        var fold = new SessionFold(topic, events[0].Cursor.EpochToken, new SessionSnapshotsOptions());
        foreach (var item in events)
        {
            fold.Fold(item, now: 0, out _);
        }

        return fold.GetSnapshot();
    }
}
