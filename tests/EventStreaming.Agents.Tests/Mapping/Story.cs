using System.Text.Json;
using EventStreaming.Agents.Tests.Support;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>What a run's viewers were told, without what differs each time: ids, times, and in how many pieces a text came.</summary>
internal static class Story
{
    public static string[] Of(IEnumerable<(string Type, object? Data, string? Source)> events)
    {
        var story = new List<string>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var thoughts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (type, data, source) in events)
        {
            var said = data switch
            {
                SessionCreated or MessageDelta => null,
                RunStarted start => $"run.start {start.Kind} {start.Attempt} {start.TotalSteps}",
                RunCompleted end => $"run.complete {end.Outcome} {end.Usage} {Text(end.Result)}",
                AgentError error => $"error {error.Code} {error.Message} {error.Recoverable} {Text(error.Details)}",
                ToolCallStarted call => $"tool {Name(call.Id.ToString())} {call.Tool} {call.Agent} {call.Query} {call.Reasoning} {Text(call.Arguments)}",
                ToolCallProgress call => $"tool {Name(call.Id.ToString())} is at {call.Fraction}: {call.Message}",
                ToolCallCompleted call =>
                    $"tool {Name(call.Id.ToString())} has ended: {call.Error} {call.Summary} {Text(call.Result)} {Text(call.SubSteps)} {Text(call.Visualizations)} {call.IsAction} {call.Action}",
                MessageStarted message => $"{message.Role} says {Name(message.Id)}",
                MessageCompleted message => $"{message.Role} has said {Name(message.Id)} {message.Text}",
                ReasoningDelta thought => $"thought {Name("thought" + thought.Id)} {thought.Text}",
                StepStarted step => $"step {step.Name}",
                StepCompleted step => $"step {step.Name} has ended",
                InputRequested question => $"asked {question.Prompt} {Text(question.Schema)} {(question.ToolCallId is { } call ? Name(call.ToString()) : null)}",
                InputReceived answer => $"answered {Text(answer.Value)}",
                KnowledgeRetrievalStarted or KnowledgeRetrieved => type,
                _ => Wire.Of(type, data),
            };
            if (said is not null)
            {
                story.Add($"{source}: {said}");
            }
        }

        return [.. story];

        string Name(string id) => names.TryGetValue(id, out var name) ? name : names[id] = $"#{names.Count}";
    }

    private static string? Text(JsonElement? json) => json is { ValueKind: not JsonValueKind.Undefined } value ? Normal(value) : null;

    private static string Text(IReadOnlyList<JsonElement>? items) => string.Join(',', items?.Select(Normal) ?? []);

    private static string Normal(JsonElement json) => json.ValueKind is JsonValueKind.String ? $"text {json.GetString()}" : json.GetRawText();
}
