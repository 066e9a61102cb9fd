using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>
/// A run of another protocol as it is passed on. Whatever order its events come in, what is given is well-formed: it starts once and first, what was
/// opened is closed, it ends with one terminal, and nothing is behind that.
/// </summary>
internal sealed partial class ImportedRun
{
    /// <summary>What is said of a call that an interrupt ended.</summary>
    public const string BegunAnew = "It waits for an answer, and is begun anew after it.";

    private const int MaxHeld = 8;
    private const int MaxNameLength = 512;

    private readonly EventMapperOptions _options;
    private readonly string? _source;
    private readonly string? _parentRunId;
    private readonly List<AgentError> _held = [];
    private long _startedAt;
    private long _tokensIn;
    private long _tokensOut;
    private bool _hasUsage;
    private bool _hasSession;

    public ImportedRun(EventMapperOptions options, string runId, string? source, string? parentRunId, ImportBudget? budget = null)
    {
        Budget = budget ?? new ImportBudget();
        _options = options;
        _source = source;
        _parentRunId = parentRunId;
        RunId = runId;
        _tools = new OpenParts<OpenTool>(Budget, options);
        _messages = new OpenParts<OpenText>(Budget, options);
        _steps = new OpenParts<StepStarted>(Budget, options);
        _searches = new OpenParts<KnowledgeRetrievalStarted>(Budget, options);
        _questions = new OpenParts<InputRequested>(Budget, options);
    }

    public string RunId { get; }

    /// <summary>Shared by a run and its subagents.</summary>
    public ImportBudget Budget { get; }

    public EventMapperState State { get; private set; }

    /// <summary>What is given; set while an event is mapped.</summary>
    public ICollection<EventDraft> Drafts { get; set; } = [];

    private bool IsOpen => State is EventMapperState.Running or EventMapperState.Waiting;

    /// <summary>Names the conversation, unless this run is only a part of a session's work.</summary>
    public void NameSession(string? threadId)
    {
        if (threadId is { Length: > 0 } && _parentRunId is null && State is not EventMapperState.Ended && !_hasSession && !RunKey.IsWorker(_source))
        {
            _hasSession = true;

            // The session's event, not the run's: a run begins with its start.
            Drafts.Add(AgentEvents.SessionCreated.Draft(new SessionCreated(Name(threadId))) with { Source = _source });
        }
    }

    public void Start(string kind, JsonElement? input = null, int? totalSteps = null, int attempt = 1)
    {
        if (State is not EventMapperState.NotStarted)
        {
            return;
        }

        State = EventMapperState.Running;
        _startedAt = _options.TimeProvider.GetTimestamp();
        Add(AgentEvents.RunStart, new RunStarted(Name(_options.Kind ?? kind), Fit(input), Math.Max(1, attempt), totalSteps, ParentRunId: _parentRunId));
        foreach (var error in _held)
        {
            Add(AgentEvents.Error, error);
        }

        _held.Clear();
    }

    public void Say(string status, string? parentId = null)
    {
        if (IsOpen && !string.IsNullOrWhiteSpace(status))
        {
            Add(AgentEvents.Status, new Status(Limit(status)), parentId);
        }
    }

    public void Tell(Progress progress, string? parentId = null)
    {
        if (IsOpen)
        {
            Add(AgentEvents.Progress, progress with { Stage = Name(progress.Stage), Message = progress.Message is { } message ? Limit(message) : null }, parentId);
        }
    }

    /// <summary>Passes on what this package has a type or no word for. Nothing that would change how the run stands.</summary>
    public void Pass(string type, object? data, string? parentId = null)
    {
        if (IsOpen)
        {
            Drafts.Add(Attribute(new EventDraft(type, data is JsonElement json ? Fit(json) : data), parentId));
        }
    }

    /// <summary>Says that something failed, and that the run goes on. Before the run has begun it waits for that.</summary>
    public void Report(string code, string message, JsonElement? details = null, string? stepId = null)
    {
        var error = new AgentError(Name(code), Limit(message), Recoverable: true, Fit(details), stepId);
        if (IsOpen)
        {
            Add(AgentEvents.Error, error);
        }
        else if (State is EventMapperState.NotStarted && _held.Count < MaxHeld)
        {
            _held.Add(error);
        }
    }

    public void AddUsage(long? read, long? written)
    {
        if (read is null && written is null)
        {
            return;
        }

        _hasUsage = true;
        _tokensIn = Sum(_tokensIn, read);
        _tokensOut = Sum(_tokensOut, written);
    }

    /// <summary>The run waits for the answers it asked for.</summary>
    public void Wait()
    {
        if (State is EventMapperState.Running)
        {
            State = EventMapperState.Waiting;
        }
    }

    /// <summary>The run waits for the answers it asked for, and what was at work is begun anew after them.</summary>
    public void Suspend()
    {
        if (State is EventMapperState.Running)
        {
            CloseWork(error: null, BegunAnew);
            State = EventMapperState.Waiting;
        }
    }

    /// <summary>The run goes on. What was asked has been answered somewhere, and nobody has said here how.</summary>
    public void Resume()
    {
        if (State is EventMapperState.Waiting)
        {
            State = EventMapperState.Running;
            CloseQuestions(JsonText.Write(static writer =>
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }));
        }
    }

    public void Complete(RunOutcome outcome, JsonElement? result = null, string? reason = null)
    {
        if (Close(reason ?? (outcome is RunOutcome.Cancelled ? "The run was cancelled." : "The run ended before the call did.")))
        {
            Add(AgentEvents.RunComplete, new RunCompleted(outcome, Since(_startedAt), Usage, Fit(result)));
        }
    }

    public void Fail(AgentError error)
    {
        if (Close(error.Message))
        {
            Add(AgentEvents.Error, error with { Code = Name(error.Code), Message = Limit(error.Message), Recoverable = false, Details = Fit(error.Details) });
        }
    }

    private TokenUsage? Usage => _hasUsage ? new TokenUsage(_tokensIn, _tokensOut) : null;

    private static long Sum(long sum, long? value) => value is > 0 ? (long)Math.Min((double)sum + value.Value, long.MaxValue / 2) : sum;

    /// <summary>Nothing, where the clock was put back.</summary>
    private TimeSpan Since(long timestamp) => _options.TimeProvider.GetElapsedTime(timestamp) is var elapsed && elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero;

    private static string Name(string text) => ShortText.Of(text, MaxNameLength);

    private static string? NameOrNull(string? text) => text is null ? null : Name(text);

    /// <returns>False when it has ended already.</returns>
    private bool Close(string reason)
    {
        if (State is EventMapperState.Ended)
        {
            return false;
        }

        Start("agent");
        CloseQuestions(answer: null);
        CloseWork(reason);
        State = EventMapperState.Ended;
        return true;
    }

    private string Limit(string text) => ShortText.Of(text, _options.MaxTextLength);

    private string? LimitOrNull(string? text) => text is null ? null : Limit(text);

    private JsonElement? Fit(JsonElement? value)
    {
        if (value is not { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } json)
        {
            return null;
        }

        var size = PayloadSize.Of(json);
        return size <= _options.MaxValueBytes ? json.Clone() : JsonText.Of($"{size} bytes of JSON, left out as they are more than {_options.MaxValueBytes}.");
    }

    private void Add<TData>(EventTypeDescriptor<TData> type, TData data, string? parentId = null)
        where TData : notnull => Drafts.Add(Attribute(type.Draft(data), parentId));

    private EventDraft Attribute(EventDraft draft, string? parentId) => draft with
    {
        RunId = RunId,
        Source = _source,
        ParentId = AttributeText.Fit(parentId),
    };
}
