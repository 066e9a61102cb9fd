using System.Text;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <content>Messages and thoughts.</content>
internal sealed partial class ImportedRun
{
    private readonly OpenParts<OpenText> _messages;

    /// <summary>What an open message says so far; null when it is not open.</summary>
    public string? FindText(string key) => _messages.TryGet(key, out var message) ? message.Text.ToString() : null;

    public bool HasMessage(string key) => _messages.Contains(key);

    public bool StartMessage(string key, string role, string? parentId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !_messages.HasRoom(key))
        {
            return false;
        }

        var message = new OpenText(Use(key) ? key : Again(key), Name(role), parentId);
        _messages.Add(key, message);
        Add(AgentEvents.MessageStart, new MessageStarted(message.Id, message.Role), parentId);
        return true;
    }

    public bool Append(string key, string text)
    {
        if (!IsOpen || !_messages.TryGet(key, out var message))
        {
            return false;
        }

        if (text.Length > 0)
        {
            Budget.AddText(message.Append(text, Math.Min(_options.MaxTextLength, message.Text.Length + Budget.TextRoom)));
            Add(AgentEvents.MessageDelta, new MessageDelta(message.Id, Limit(text)), message.ParentId);
        }

        return true;
    }

    /// <summary>Ends a message: with the whole text, if that is said, else with what came in pieces.</summary>
    public bool EndMessage(string key, string? whole = null)
    {
        if (!IsOpen || !_messages.TryTake(key, out var message))
        {
            return false;
        }

        End(message, whole);
        return true;
    }

    /// <summary>A message that came at once.</summary>
    public bool Speak(string key, string role, string text, string? parentId = null) => StartMessage(key, role, parentId) && EndMessage(key, text);

    public void Think(string id, string text, string? parentId = null)
    {
        if (IsOpen && text.Length > 0)
        {
            Add(AgentEvents.ReasoningDelta, new ReasoningDelta(AttributeText.Fit(id), Limit(text)), parentId);
        }
    }

    private void End(OpenText message, string? whole)
    {
        Budget.AddText(-message.Text.Length);
        var text = whole ?? message.Text.ToString();
        Add(AgentEvents.MessageComplete, new MessageCompleted(message.Id, message.Role, Limit(text)), message.ParentId);
        if (whole is null ? message.IsCut : text.Length > _options.MaxTextLength)
        {
            Report("message_too_long", $"The message '{message.Id}' is longer than {_options.MaxTextLength} characters; only its beginning is kept.");
        }
    }

    private sealed class OpenText(string id, string role, string? parentId)
    {
        public string Id { get; } = id;

        public string Role { get; } = role;

        public string? ParentId { get; } = parentId;

        public StringBuilder Text { get; } = new();

        public bool IsCut { get; private set; }

        /// <returns>How much of it is kept.</returns>
        public int Append(string text, int limit)
        {
            var room = limit - Text.Length;
            IsCut |= text.Length > room;
            var kept = Math.Min(room, text.Length);
            Text.Append(text.AsSpan(0, kept));
            return kept;
        }
    }
}
