using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <content>Steps, searches and questions.</content>
internal sealed partial class ImportedRun
{
    private const int MaxSources = 100;

    private readonly OpenParts<StepStarted> _steps;
    private readonly OpenParts<KnowledgeRetrievalStarted> _searches;
    private readonly OpenParts<InputRequested> _questions;
    private int _stepCount;
    private int _repeats;

    public string? FindStep(string? key) => _steps.TryGet(key, out var step) ? step.StepId : null;

    /// <summary>The step of a name; null when none is open, or several are.</summary>
    public string? FindStepNamed(string? name)
    {
        string? found = null;
        foreach (var step in name is null ? [] : _steps.Parts)
        {
            if (string.Equals(step.Name, name, StringComparison.Ordinal))
            {
                if (found is not null)
                {
                    return null;
                }

                found = step.StepId;
            }
        }

        return found;
    }

    public bool StartStep(string key, string name, int? position = null, string? parentId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !_steps.HasRoom(key))
        {
            return false;
        }

        var step = new StepStarted(Use("step/" + key) ? key : Again(key), Name(name), Math.Max(1, position ?? ++_stepCount));
        _steps.Add(key, step);
        Add(AgentEvents.StepStart, step, parentId);
        return true;
    }

    public bool EndStep(string key)
    {
        if (!IsOpen || !_steps.TryTake(key, out var step))
        {
            return false;
        }

        End(step);
        return true;
    }

    public bool StartSearch(string key, string where, string? query, string? parentId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !_searches.HasRoom(key))
        {
            return false;
        }

        var search = new KnowledgeRetrievalStarted(Use("search/" + key) ? key : Again(key), [Name(where)], Query: LimitOrNull(query));
        _searches.Add(key, search);
        Add(AgentEvents.KnowledgeRetrievalStart, search, parentId);
        return true;
    }

    public bool EndSearch(string key, int documents = 0, IReadOnlyList<KnowledgeSource>? sources = null)
    {
        if (!IsOpen || !_searches.TryTake(key, out var search))
        {
            return false;
        }

        End(search, documents, sources);
        return true;
    }

    public bool Ask(string key, string prompt, JsonElement? schema = null, Guid? toolCallId = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !_questions.HasRoom(key))
        {
            return false;
        }

        var question = new InputRequested(Use("input/" + key) ? key : Again(key), Limit(prompt), Fit(schema), toolCallId);
        _questions.Add(key, question);
        Add(AgentEvents.InputRequested, question);
        return true;
    }

    public bool Answer(string key, JsonElement? value)
    {
        if (!IsOpen || !_questions.TryTake(key, out var question))
        {
            return false;
        }

        Add(AgentEvents.InputReceived, new InputReceived(question.Id, Fit(value)));
        return true;
    }

    /// <summary>What was asked is answered on the bus by who reads the stream: nothing more is said of it here.</summary>
    public void LeaveAnswersToCaller() => _questions.TakeAll();

    /// <summary>Ends all that is open but the questions.</summary>
    /// <param name="error">Why calls failed; null when they did not.</param>
    /// <param name="summary">What is said of calls instead of a result; null for nothing.</param>
    private void CloseWork(string? error, string? summary = null)
    {
        foreach (var tool in _tools.TakeAll())
        {
            End(tool, error, summary: summary);
        }

        foreach (var message in _messages.TakeAll())
        {
            End(message, whole: null);
        }

        foreach (var search in _searches.TakeAll())
        {
            End(search, documents: 0, sources: null);
        }

        // Those within others end before them.
        foreach (var step in _steps.TakeAll().Reverse())
        {
            End(step);
        }
    }

    private void CloseQuestions(JsonElement? answer)
    {
        foreach (var question in _questions.TakeAll())
        {
            Add(AgentEvents.InputReceived, new InputReceived(question.Id, answer));
        }
    }

    private void End(StepStarted step) => Add(AgentEvents.StepComplete, new StepCompleted(step.StepId, step.Name, step.Position, step.Total));

    private void End(KnowledgeRetrievalStarted search, int documents, IReadOnlyList<KnowledgeSource>? sources) =>
        Add(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(search.Id, documents, Sources: sources is null or [] ? null : [.. sources.Take(MaxSources).Select(static source => Shorten(source))]));

    private static KnowledgeSource Shorten(KnowledgeSource source) => source with
    {
        Id = Name(source.Id),
        Title = Name(source.Title),
        Uri = source.Uri is { Length: <= 2_048 } ? source.Uri : null,
        MediaType = NameOrNull(source.MediaType),
    };

    /// <returns>False when it was used before, or may have been: more are not remembered.</returns>
    private bool Use(string id) => Budget.UsedIds.Add(_parentRunId is null ? id : $"{RunId}/{id}");

    private string Again(string key) => string.Create(CultureInfo.InvariantCulture, $"{key}-{++_repeats + 1}");
}
