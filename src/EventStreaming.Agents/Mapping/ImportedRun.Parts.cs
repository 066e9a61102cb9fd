using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <content>What a run opens and closes. A key is what the other protocol calls it.</content>
internal sealed partial class ImportedRun
{
    private const int MaxSources = 100;

    private readonly Dictionary<string, OpenTool> _tools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OpenText> _messages = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, StepStarted> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KnowledgeRetrievalStarted> _searches = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, InputRequested> _questions = new(StringComparer.Ordinal);
    private int _stepCount;
    private int _repeats;

    /// <summary>What an open message says so far; null when it is not open.</summary>
    public string? FindText(string key) => _messages.TryGetValue(AttributeText.Fit(key), out var message) ? message.Text.ToString() : null;

    public bool HasMessage(string key) => _messages.ContainsKey(AttributeText.Fit(key));

    public Guid? FindTool(string? key) => key is not null && _tools.TryGetValue(AttributeText.Fit(key), out var tool) ? tool.Id : null;

    public string? FindStep(string? key) => key is not null && _steps.TryGetValue(AttributeText.Fit(key), out var step) ? step.StepId : null;

    /// <returns>False when it is open already, or too much is.</returns>
    public bool StartTool(string key, string tool, string? agent = null, JsonElement? arguments = null, string? parentId = null, string? query = null, string? reasoning = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !HasRoom(_tools.Count) || _tools.ContainsKey(key))
        {
            return false;
        }

        var id = NamedGuid.Of(RunId, key);
        if (!Use(id.ToString()))
        {
            id = NamedGuid.Of(RunId, Again(key));
        }

        Budget.Open();
        _tools.Add(key, new OpenTool(id, _options.TimeProvider.GetTimestamp()));
        Add(AgentEvents.ToolCallStart, new ToolCallStarted(id, Name(tool), NameOrNull(agent), query is null ? null : Limit(query), reasoning is null ? null : Limit(reasoning), Fit(arguments)), parentId);
        return true;
    }

    /// <summary>Says how far a call is that is open.</summary>
    public bool TellTool(string? key, string? message, double? fraction)
    {
        if (!IsOpen || FindTool(key) is not { } id)
        {
            return false;
        }

        Add(AgentEvents.ToolCallProgress, new ToolCallProgress(id, message is null ? null : Limit(message), fraction is { } part ? Math.Clamp(part, 0, 1) : null));
        return true;
    }

    /// <param name="key">The call.</param>
    /// <param name="error">Why it failed, or null.</param>
    /// <param name="result">What came of it, or null.</param>
    /// <param name="summary">The same in words, or null.</param>
    /// <param name="more">An object with what else there may be to say: <c>sub_steps</c>, <c>visualizations</c>, <c>is_action</c>, <c>action</c>.</param>
    public bool EndTool(string key, string? error = null, JsonElement? result = null, string? summary = null, JsonElement more = default)
    {
        if (!IsOpen || !_tools.Remove(AttributeText.Fit(key), out var tool))
        {
            return false;
        }

        Budget.Close();
        Add(AgentEvents.ToolCallComplete, new ToolCallCompleted(
            tool.Id,
            error is null ? null : Limit(error),
            summary is null ? null : Name(summary),
            Fit(result),
            FitAll(more.Items("sub_steps")),
            FitAll(more.Items("visualizations")),
            more.Flag("is_action"),
            NameOrNull(more.Words("action")),
            Since(tool.StartedAt)));
        return true;
    }

    public bool StartMessage(string key, string role, string? parentId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !HasRoom(_messages.Count) || _messages.ContainsKey(key))
        {
            return false;
        }

        var message = new OpenText(Use(key) ? key : Again(key), Name(role), parentId);
        Budget.Open();
        _messages.Add(key, message);
        Add(AgentEvents.MessageStart, new MessageStarted(message.Id, message.Role), parentId);
        return true;
    }

    public bool Append(string key, string text)
    {
        if (!IsOpen || !_messages.TryGetValue(AttributeText.Fit(key), out var message))
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
        if (!IsOpen || !_messages.Remove(AttributeText.Fit(key), out var message))
        {
            return false;
        }

        Budget.Close();
        Budget.AddText(-message.Text.Length);
        var text = whole ?? message.Text.ToString();
        Add(AgentEvents.MessageComplete, new MessageCompleted(message.Id, message.Role, Limit(text)), message.ParentId);
        if (whole is null ? message.IsCut : text.Length > _options.MaxTextLength)
        {
            Report("message_too_long", $"The message '{message.Id}' is longer than {_options.MaxTextLength} characters; only its beginning is kept.");
        }

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

    public bool StartStep(string key, string name, int? position = null, string? parentId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !HasRoom(_steps.Count) || _steps.ContainsKey(key))
        {
            return false;
        }

        var step = new StepStarted(Use("step/" + key) ? key : Again(key), Name(name), Math.Max(1, position ?? ++_stepCount));
        Budget.Open();
        _steps.Add(key, step);
        Add(AgentEvents.StepStart, step, parentId);
        return true;
    }

    public bool EndStep(string key)
    {
        if (!IsOpen || !_steps.Remove(AttributeText.Fit(key), out var step))
        {
            return false;
        }

        Budget.Close();
        Add(AgentEvents.StepComplete, new StepCompleted(step.StepId, step.Name, step.Position, step.Total));
        return true;
    }

    public bool StartSearch(string key, string where, string? query, string? parentId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !HasRoom(_searches.Count) || _searches.ContainsKey(key))
        {
            return false;
        }

        var search = new KnowledgeRetrievalStarted(Use("search/" + key) ? key : Again(key), [Name(where)], Query: query is null ? null : Limit(query));
        Budget.Open();
        _searches.Add(key, search);
        Add(AgentEvents.KnowledgeRetrievalStart, search, parentId);
        return true;
    }

    public bool EndSearch(string key, int documents = 0, IReadOnlyList<KnowledgeSource>? sources = null)
    {
        if (!IsOpen || !_searches.Remove(AttributeText.Fit(key), out var search))
        {
            return false;
        }

        Budget.Close();
        Add(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(search.Id, documents, Sources: sources is null or [] ? null : [.. sources.Take(MaxSources).Select(static source => Shorten(source))]));
        return true;
    }

    public bool Ask(string key, string prompt, JsonElement? schema = null, Guid? toolCallId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !HasRoom(_questions.Count) || _questions.ContainsKey(key))
        {
            return false;
        }

        var question = new InputRequested(Use("input/" + key) ? key : Again(key), Limit(prompt), Fit(schema), toolCallId);
        Budget.Open();
        _questions.Add(key, question);
        Add(AgentEvents.InputRequested, question);
        return true;
    }

    public bool Answer(string key, JsonElement? value)
    {
        if (!IsOpen || !_questions.Remove(AttributeText.Fit(key), out var question))
        {
            return false;
        }

        Budget.Close();
        Add(AgentEvents.InputReceived, new InputReceived(question.Id, Fit(value)));
        return true;
    }

    /// <summary>What was asked is answered on the bus by who reads the stream: nothing more is said of it here.</summary>
    public void LeaveAnswersToCaller()
    {
        foreach (var _ in _questions)
        {
            Budget.Close();
        }

        _questions.Clear();
    }

    private static string? NameOrNull(string? text) => text is null ? null : Name(text);

    private IReadOnlyList<JsonElement>? FitAll(IReadOnlyList<JsonElement>? items) => PayloadSize.Of(items) <= _options.MaxValueBytes ? items : null;

    private static KnowledgeSource Shorten(KnowledgeSource source) => source with
    {
        Id = Name(source.Id),
        Title = Name(source.Title),
        Uri = source.Uri is { Length: <= 2_048 } ? source.Uri : null,
        MediaType = source.MediaType is null ? null : Name(source.MediaType),
    };

    private void CloseQuestions(JsonElement? answer)
    {
        foreach (var question in _questions.Values)
        {
            Budget.Close();
            Add(AgentEvents.InputReceived, new InputReceived(question.Id, answer));
        }

        _questions.Clear();
    }

    private void CloseTools(string reason)
    {
        foreach (var key in _tools.Keys.ToArray())
        {
            EndTool(key, reason);
        }
    }

    private void CloseMessages()
    {
        foreach (var key in _messages.Keys.ToArray())
        {
            EndMessage(key);
        }
    }

    private void CloseSearches()
    {
        foreach (var key in _searches.Keys.ToArray())
        {
            EndSearch(key);
        }
    }

    private void CloseSteps()
    {
        foreach (var key in _steps.Keys.Reverse().ToArray())
        {
            EndStep(key);
        }
    }

    /// <returns>False when it was used before, or may have been: more are not remembered.</returns>
    private bool Use(string id) => Budget.UsedIds.Add(_parentRunId is null ? id : $"{RunId}/{id}");

    private bool HasRoom(int count) => count < _options.MaxOpen && Budget.HasRoom(_options);

    private string Again(string key) => string.Create(CultureInfo.InvariantCulture, $"{key}-{++_repeats + 1}");

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct OpenTool(Guid Id, long StartedAt);

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
