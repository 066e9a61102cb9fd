using System.Globalization;
using System.Text;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>The messages of a session that are being written: one for each node and turn.</summary>
internal sealed class SessionMessages
{
    private readonly OrderedDictionary<string, OpenMessage> _open = new(StringComparer.Ordinal);
    private readonly UsedIds _used = new(LegacyLimits.MaxRemembered);
    private int _repeats;
    private long _held;

    /// <summary>The message that an event's text belongs to.</summary>
    public static string KeyOf(in LegacyEvent item) =>
        AttributeText.Fit($"{item.Source ?? "agent"}/{item.Node}/{item.RunId}/{item.Data.Text("iteration")}/{item.Data.Text("inner_turn")}");

    public static bool IsSameRun(in LegacyEvent one, in LegacyEvent other) =>
        string.Equals(one.RunId, other.RunId, StringComparison.Ordinal) && string.Equals(one.Source, other.Source, StringComparison.Ordinal);

    public void Append(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var key = KeyOf(item);
        var text = item.Data.Text("content", "text", "delta") ?? string.Empty;
        var isRest = false;
        if (_open.TryGetValue(key, out var message) && message.Text.Length + text.Length > LegacyLimits.MaxTextLength)
        {
            isRest = true;
            End(key, drafts);
            message = null;
        }

        if (message is null)
        {
            // A turn's text ends where the next turn's begins, if nobody said so before.
            Complete(item, drafts);

            // Where turns are not numbered, one turn's key is the next one's.
            message = new OpenMessage(_used.Add(key) ? key : string.Create(CultureInfo.InvariantCulture, $"{key}#{++_repeats + 1}"), item.WithoutData(), isRest);
            _open.Add(key, message);
            drafts.Add(item.Draft(AgentEvents.MessageStart, new MessageStarted(message.Id, "assistant")));
        }

        _held += message.Append(text, item.Data.Text("snapshot"));
        drafts.Add(item.Draft(AgentEvents.MessageDelta, new MessageDelta(message.Id, text)));
        while (_open.Count > 1 && (_open.Count > LegacyLimits.MaxOpen || _held > LegacyLimits.MaxHeld))
        {
            var oldest = _open.GetAt(0).Key;
            End(string.Equals(oldest, key, StringComparison.Ordinal) ? _open.GetAt(1).Key : oldest, drafts);
        }
    }

    /// <summary>Ends what the event's node has been saying.</summary>
    public void Complete(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var by = item;
        CompleteWhere(start => IsSameRun(start, by) && (by.Node is null || string.Equals(start.Node, by.Node, StringComparison.Ordinal)), drafts);
    }

    /// <summary>Ends all that the event's run has been saying.</summary>
    public void CompleteRun(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var by = item;
        CompleteWhere(start => IsSameRun(start, by), drafts);
    }

    public void CompleteAll(ICollection<EventDraft> drafts) => CompleteWhere(static _ => true, drafts);

    private void CompleteWhere(Func<LegacyEvent, bool> isMeant, ICollection<EventDraft> drafts)
    {
        foreach (var (key, _) in _open.Where(open => isMeant(open.Value.Start)).ToArray())
        {
            End(key, drafts);
        }
    }

    private void End(string key, ICollection<EventDraft> drafts)
    {
        if (_open.Remove(key, out var message))
        {
            _held -= message.Length;
            drafts.Add(message.Start.Draft(AgentEvents.MessageComplete, new MessageCompleted(message.Id, "assistant", message.Snapshot ?? message.Text.ToString())));
        }
    }

    /// <param name="id">Its id here.</param>
    /// <param name="start">What it began with.</param>
    /// <param name="isRest">Whether it goes on with one that was too long: then what is said to be the whole is more than it.</param>
    private sealed class OpenMessage(string id, LegacyEvent start, bool isRest)
    {
        public string Id { get; } = id;

        public LegacyEvent Start { get; } = start;

        public StringBuilder Text { get; } = new();

        /// <summary>The whole text so far, as some events say it.</summary>
        public string? Snapshot { get; private set; }

        public int Length => Text.Length + (Snapshot?.Length ?? 0);

        /// <returns>How much more it is now.</returns>
        public int Append(string text, string? snapshot)
        {
            var before = Length;
            Text.Append(text);
            Snapshot = isRest ? null : snapshot ?? Snapshot;
            return Length - before;
        }
    }
}
