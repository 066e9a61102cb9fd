using System.Numerics;
using System.Text.Json;
using EventStreaming.Agents.Mapping;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>
/// Reads one run of an agent that speaks another protocol, and gives events of <see cref="AgentEvents"/>: <see cref="LangGraphEventMapper"/>,
/// <see cref="A2AEventMapper"/>, <see cref="AgUiEventMapper"/>, <see cref="LegacyEventMapper"/>.
/// </summary>
/// <remarks>
/// Mostly used through <see cref="EventImportExtensions.ImportAsync(IEventBus, string, EventMapper, Stream, EventImportOptions?, CancellationToken)"/>.
/// Whatever comes in, what goes out is well-formed: the run starts once and first, what was opened is closed, it ends with one terminal event, and
/// nothing is behind that. What is not understood is counted, never thrown. Not thread-safe.
/// </remarks>
public abstract class EventMapper
{
    private protected EventMapper(EventMapperOptions? options)
    {
        Options = options ?? new EventMapperOptions();
        Options.Validate();
        Run = new ImportedRun(Options, Options.RunId ?? Guid.CreateVersion7().ToString(), Options.Source, Options.ParentRunId);
    }

    /// <summary>The run's id here.</summary>
    public string RunId => Run.RunId;

    /// <summary>The run's id at the agent, as its stream says it: A2A's task, AG-UI's run, LangGraph's root run. Who cancels a run here cancels it there by this.</summary>
    /// <value>Null until the stream has said it, when it is longer than 256 characters, and of legacy streams, which may hold several runs.</value>
    public string? RemoteId { get; private set; }

    /// <summary>How the run stands.</summary>
    public virtual EventMapperState State => Run.State;

    /// <summary>How much could not be understood: broken JSON, missing fields, more open at a time than allowed. The first, the second, the fourth … is told by a recoverable <c>error</c>.</summary>
    public long Malformed { get; private set; }

    /// <summary>How much was understood and is not passed on: events there is no word for here, and those behind the run's end.</summary>
    public long Ignored { get; private protected set; }

    /// <summary>Whether anything that was read was understood and passed on; if not, the stream is probably one of another protocol.</summary>
    internal bool HasKnown { get; private protected set; }

    internal abstract EventImportFormat DefaultFormat { get; }

    /// <summary>What a stream of the protocol holds, in words.</summary>
    internal abstract string Expected { get; }

    /// <summary>Whether reading stops with the run.</summary>
    internal virtual bool StopsAtEnd => true;

    internal TimeProvider Clock => Options.TimeProvider;

    private protected EventMapperOptions Options { get; }

    private protected ImportedRun Run { get; }

    /// <summary>Reads one event.</summary>
    /// <param name="utf8">It: one JSON value, as of a line or of an SSE event's <c>data:</c>. Nothing and <c>[DONE]</c> are no event.</param>
    /// <param name="drafts">Is given what it becomes: none, one or several.</param>
    /// <param name="eventType">The type, if it came beside it, as the <c>event:</c> of an SSE stream.</param>
    public void Map(ReadOnlySpan<byte> utf8, ICollection<EventDraft> drafts, string? eventType = null)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        utf8 = utf8.Trim(" \t\r\n"u8);
        if (utf8.IsEmpty || utf8.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        Run.Drafts = drafts;
        MapCore(utf8, eventType);
    }

    /// <summary>The run has failed in a way that its stream does not say, as when that broke: closes what is open and gives the one terminal event.</summary>
    /// <remarks>Does nothing when the run has ended.</remarks>
    /// <param name="error">Why. It ends the run, whatever it says of that.</param>
    /// <param name="drafts">Is given the events.</param>
    public void Fail(AgentError error, ICollection<EventDraft> drafts)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(drafts);
        Run.Drafts = drafts;
        FailCore(error);
    }

    /// <summary>The run was cancelled from here: closes what is open and gives the one terminal event.</summary>
    /// <remarks>Does nothing when the run has ended. Tells the agent nothing.</remarks>
    /// <param name="drafts">Is given the events.</param>
    public void Cancel(ICollection<EventDraft> drafts)
    {
        ArgumentNullException.ThrowIfNull(drafts);
        Run.Drafts = drafts;
        CancelCore();
    }

    /// <summary>A stream begins, or another goes on with a run that waits; then who reads it has published the answers.</summary>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    internal void Open()
    {
        if (State is EventMapperState.Ended)
        {
            throw new InvalidOperationException($"The run '{RunId}' of this {GetType().Name} has ended, and nothing of another stream would be passed on. Make a new mapper for each run.");
        }

        if (State is EventMapperState.Waiting)
        {
            Run.LeaveAnswersToCaller();
        }
    }

    internal void Reject(string what, ICollection<EventDraft> drafts)
    {
        Run.Drafts = drafts;
        Reject(what);
    }

    private protected virtual void FailCore(AgentError error) => Run.Fail(error);

    private protected virtual void CancelCore() => Run.Complete(RunOutcome.Cancelled);

    private protected virtual void MapCore(ReadOnlySpan<byte> utf8, string? eventType)
    {
        if (State is EventMapperState.Ended)
        {
            Ignored++;
        }
        else if (JsonText.TryParse(utf8, out var json) && json.ValueKind is JsonValueKind.Object)
        {
            var unknown = Malformed + Ignored;
            MapItem(json, eventType);
            HasKnown |= unknown == Malformed + Ignored;
        }
        else
        {
            Reject("It is not a JSON object.");
        }
    }

    private protected abstract void MapItem(JsonElement item, string? eventType);

    /// <summary>Takes up what the stream says of the run's id there, if it says it.</summary>
    private protected void NameRemote(string? id) => RemoteId = id is null ? RemoteId : id.Length <= EventDraft.MaxAttributeLength ? id : null;

    /// <summary>Counts what is not as the protocol says. Told ever more seldom: a stream of nothing else must not become one of errors.</summary>
    private protected void Reject(string what)
    {
        Malformed++;
        if (BitOperations.IsPow2(Malformed))
        {
            Report("malformed_event", Malformed == 1 ? $"An event could not be understood. {what}" : $"{Malformed} events could not be understood. The last: {what}");
        }
    }

    private protected virtual void Report(string code, string message) => Run.Report(code, message);

    /// <summary>Counts as malformed what a run does not take.</summary>
    private protected void Require(bool taken, string what)
    {
        if (!taken)
        {
            Reject(what);
        }
    }
}
