using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>Reads a stream of legacy events, brought up to date by an <see cref="IEventUpcaster"/>; a session's stream, in which run follows run, as well.</summary>
/// <remarks>
/// What no upcaster knows is passed on unchanged. Events that say no run or source get those of the options; the others say of which run they are and by whom, so that a stream may speak
/// for any run of the topic: read only those that you trust. The other mappers give one run, whatever their stream says.
/// </remarks>
/// <param name="upcaster">Reads this stream alone. Null: one that knows every legacy name.</param>
/// <param name="options">How the runs appear here; null for the defaults.</param>
public sealed class LegacyEventMapper(IEventUpcaster? upcaster = null, EventMapperOptions? options = null) : EventMapper(options)
{
    private readonly IEventUpcaster _upcaster = upcaster ?? EventUpcaster.ForLegacyNames();
    private readonly List<EventDraft> _upcast = [];
    private readonly OrderedDictionary<string, string?> _open = new(StringComparer.Ordinal);
    private EventMapperState _state;
    private string? _current;

    /// <inheritdoc/>
    public override EventMapperState State => _state;

    internal override EventImportFormat DefaultFormat => EventImportFormat.ServerSentEvents;

    internal override string Expected => "one of events whose type its upcaster or this package knows";

    internal override bool StopsAtEnd => false;

    private protected override void MapCore(ReadOnlySpan<byte> utf8, string? eventType)
    {
        if (!LegacyEvent.TryParse(utf8, eventType, out var item) || !EventTypeDescriptor.IsValidName(item.Type))
        {
            Reject("It is no JSON, or has no type.");
            return;
        }

        if (_upcaster.TryUpcast(item, _upcast))
        {
            HasKnown = true;
        }
        else
        {
            HasKnown |= AgentEvents.Catalog.TryGet(item.Type, out _);
            _upcast.Add(item.ToDraft());
        }

        Give();
    }

    private protected override void FailCore(AgentError error)
    {
        _upcaster.Flush(_upcast);
        Give();
        End(AgentEvents.Error, error with { Recoverable = false });
    }

    private protected override void CancelCore()
    {
        _upcaster.Flush(_upcast);
        Give();
        End(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Cancelled));
    }

    private protected override void Report(string code, string message)
    {
        if (_state is EventMapperState.Running)
        {
            Run.Drafts.Add(AgentEvents.Error.Draft(new AgentError(code, message, Recoverable: true)) with { RunId = _current, Source = Options.Source });
        }
    }

    private protected override void MapItem(JsonElement item, string? eventType) =>
        throw new NotSupportedException("MapCore reads legacy events whole.");

    /// <summary>Ends the runs that nobody ended, or the one that said nothing at all.</summary>
    private void End<TData>(EventTypeDescriptor<TData> type, TData data)
        where TData : notnull
    {
        if (_open.Count == 0 && _state is not EventMapperState.Ended)
        {
            _open.Add(_current ?? RunId, Options.Source);
        }

        foreach (var (run, source) in _open)
        {
            Run.Drafts.Add(type.Draft(data) with { RunId = run, Source = source });
        }

        _open.Clear();

        _state = EventMapperState.Ended;
    }

    private void Give()
    {
        foreach (var upcast in _upcast)
        {
            var draft = upcast with { RunId = upcast.RunId ?? _current ?? RunId, Source = upcast.Source ?? Options.Source };
            Follow(draft);
            Run.Drafts.Add(draft);
        }

        _upcast.Clear();
    }

    private void Follow(EventDraft draft)
    {
        if (RunKey.IsWorker(draft.Source))
        {
            return;
        }

        if (string.Equals(draft.Type, AgentEvents.RunStart.Name, StringComparison.Ordinal))
        {
            _current = draft.RunId;
            _open[draft.RunId!] = draft.Source;
            if (_open.Count > Options.MaxOpen)
            {
                var (oldest, by) = _open.GetAt(0);
                _open.RemoveAt(0);
                Run.Drafts.Add(AgentEvents.Error.Draft(new AgentError("too_many_runs", $"More than {Options.MaxOpen} runs were open.")) with { RunId = oldest, Source = by });
            }

            _state = EventMapperState.Running;
        }
        else if (string.Equals(draft.Type, AgentEvents.RunComplete.Name, StringComparison.Ordinal) || draft.Data is AgentError { Recoverable: false })
        {
            _open.Remove(draft.RunId!);
            _current = null;
            _state = _open.Count == 0 ? EventMapperState.Ended : EventMapperState.Running;
        }
        else if (_state is EventMapperState.NotStarted)
        {
            _state = EventMapperState.Running;
        }
    }
}
