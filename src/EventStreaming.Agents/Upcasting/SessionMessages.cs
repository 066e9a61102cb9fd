using System.Globalization;
using System.Text;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>The messages of a session that are being written: one for each node and turn.</summary>
internal sealed class SessionMessages
{
    private readonly Dictionary<string, OpenMessage> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private int _repeats;

    /// <summary>The message that an event's text belongs to.</summary>
    public static string KeyOf(in LegacyEvent item) =>
        AttributeText.Fit($"{item.Source ?? "agent"}/{item.Node}/{item.RunId}/{item.Data.Text("iteration")}/{item.Data.Text("inner_turn")}");

    public static bool IsSameRun(in LegacyEvent one, in LegacyEvent other) =>
        string.Equals(one.RunId, other.RunId, StringComparison.Ordinal) && string.Equals(one.Source, other.Source, StringComparison.Ordinal);

    public void Append(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var key = KeyOf(item);
        if (!_open.TryGetValue(key, out var message))
        {
            // A turn's text ends where the next turn's begins, if nobody said so before.
            Complete(item, drafts);

            // Where turns are not numbered, one turn's key is the next one's.
            message = new OpenMessage(_used.Add(key) ? key : string.Create(CultureInfo.InvariantCulture, $"{key}#{++_repeats + 1}"), item);
            _open.Add(key, message);
            drafts.Add(item.Draft(AgentEvents.MessageStart, new MessageStarted(message.Id, "assistant")));
        }

        var text = item.Data.Text("content", "text", "delta") ?? string.Empty;
        message.Text.Append(text);
        message.Snapshot = item.Data.Text("snapshot") ?? message.Snapshot;
        drafts.Add(item.Draft(AgentEvents.MessageDelta, new MessageDelta(message.Id, text)));
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
        foreach (var (key, message) in _open.Where(open => isMeant(open.Value.Start)).ToArray())
        {
            _open.Remove(key);
            drafts.Add(message.Start.Draft(AgentEvents.MessageComplete, new MessageCompleted(message.Id, "assistant", message.Snapshot ?? message.Text.ToString())));
        }
    }

    private sealed class OpenMessage(string id, LegacyEvent start)
    {
        public string Id { get; } = id;

        public LegacyEvent Start { get; } = start;

        public StringBuilder Text { get; } = new();

        /// <summary>The whole text so far, as some events say it.</summary>
        public string? Snapshot { get; set; }
    }
}
