using System.Text;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <summary>
/// A message that is being written, started by <see cref="AgentRun.StartMessage"/>. Its first text is told as <c>message.start</c> and <c>message.delta</c>, each further
/// piece as a delta, its end as <c>message.complete</c> with the whole text. Of a message in which nothing was ever said nothing is told.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe. Using it when it has ended is an <see cref="InvalidOperationException"/>; disposing it then does nothing. Disposed, or left by its run's end, before it was
/// complete, it ends with the text so far.
/// </para>
/// <para>
/// Its text is held until it ends, at most <see cref="AgentRunOptions.MaxMessageLength"/> characters: a longer message goes on as another, of the id
/// with <c>-2</c>, <c>-3</c> … behind it. A half of a surrogate pair at the end of a piece waits for the other half.
/// </para>
/// </remarks>
public sealed class AgentMessage : AgentRunPart
{
    private readonly StringBuilder _text = new();
    private readonly string _firstId;
    private readonly string? _parentId;
    private string? _held;
    private long _before;
    private int _part = 1;
    private bool _isBegun;

    internal AgentMessage(AgentRun run, string role, string id, string? parentId)
        : base(run)
    {
        Role = role;
        Id = _firstId = id;
        _parentId = parentId;
    }

    /// <summary>Its id.</summary>
    public string Id { get; private set; }

    /// <summary>Who speaks.</summary>
    public string Role { get; }

    private protected override string Title => $"The message '{Id}'";

    private protected override string Starter => nameof(AgentRun.StartMessage);

    /// <summary>Puts a piece of text behind the ones before it.</summary>
    /// <param name="text">It; nothing is told of an empty one.</param>
    /// <exception cref="InvalidOperationException">The message or its run has ended.</exception>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (Run.Gate)
        {
            Require(nameof(Append));
            AppendCore(text);
        }
    }

    /// <summary>Tells that the message is finished.</summary>
    /// <param name="text">
    /// The whole text, when it is known from elsewhere: what is missing of it is told first. One that does not begin with what was said stands in the place of that. Null:
    /// what was said.
    /// </param>
    /// <exception cref="InvalidOperationException">The message or its run has ended.</exception>
    public void Complete(string? text = null)
    {
        lock (Run.Gate)
        {
            Require(nameof(Complete));
            if (text is null)
            {
                PublishHeld();
                CompleteCore(_text.ToString());
            }
            else
            {
                CompleteWith(text);
            }

            End();
        }
    }

    private protected override void Retell()
    {
        if (_isBegun)
        {
            Run.TrySend(AgentEvents.MessageStart, new MessageStarted(Id, Role), _parentId);
            Run.TrySend(AgentEvents.MessageDelta, new MessageDelta(Id, _text.ToString()), _parentId);
        }
    }

    /// <summary>Refuses what is asked of a message that has ended.</summary>
    internal void RequireOpen(string call)
    {
        lock (Run.Gate)
        {
            Require(call);
        }
    }

    private void AppendCore(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        var said = _held is null ? text : _held + text;
        string? held = null;
        if (char.IsHighSurrogate(said[^1]))
        {
            held = said[^1..];
            said = said[..^1];
        }

        while (_text.Length + said.Length > Run.Options.MaxMessageLength)
        {
            var room = Run.Options.MaxMessageLength - _text.Length;
            if (room > 0 && char.IsHighSurrogate(said[room - 1]))
            {
                room--;
            }

            Publish(said[..room]);
            said = said[room..];
            GoOnAsAnother();
        }

        Publish(said);
        _held = held;
    }

    private void Publish(string text)
    {
        // All that it held was told, or nothing was said: _held goes only with what it was told in.
        if (text.Length == 0)
        {
            return;
        }

        if (!_isBegun)
        {
            Run.Emit(AgentEvents.MessageStart, new MessageStarted(Id, Role), _parentId);
            _isBegun = true;
        }

        Run.Emit(AgentEvents.MessageDelta, new MessageDelta(Id, text), _parentId);
        _text.Append(text);
        _held = null;
    }

    private void PublishHeld()
    {
        if (_held is { } held)
        {
            Publish(held);
        }
    }

    private void GoOnAsAnother()
    {
        CompleteCore(_text.ToString());
        _before += _text.Length;
        _text.Clear();
        _isBegun = false;
        Id = $"{_firstId}-{++_part}";
    }

    private void CompleteWith(string text)
    {
        // What was completed as messages before this one is not told again.
        var rest = text[(int)Math.Min(_before, text.Length)..];
        var said = _text.ToString() + _held;
        if (rest.StartsWith(said, StringComparison.Ordinal))
        {
            AppendCore(rest[said.Length..]);
            PublishHeld();
            CompleteCore(_text.ToString());
        }
        else
        {
            CompleteCore(rest);
        }
    }

    private void CompleteCore(string text)
    {
        if (_isBegun)
        {
            Run.Emit(AgentEvents.MessageComplete, new MessageCompleted(Id, Role, text), _parentId);
        }
    }

    private protected override void PublishEnd(string reason)
    {
        try
        {
            PublishHeld();
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            // Half a character; the text goes without it.
        }

        // Refused for its size, it still ends: with as much of its text as there is room for.
        var text = _text.ToString();
        while (_isBegun && !Run.TryEmit(AgentEvents.MessageComplete, new MessageCompleted(Id, Role, text), _parentId) && text.Length > 0)
        {
            text = text[..(text.Length / 2)];
        }
    }

    private protected override void End()
    {
        _text.Clear();
        base.End();
    }
}
