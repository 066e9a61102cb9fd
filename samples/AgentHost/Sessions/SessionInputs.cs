using System.Text.Json;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Sessions;

/// <summary>The questions that are asked in sessions, by runs of this host and by others who publish there. What is known of them is what was published.</summary>
internal sealed class SessionInputs(EventBus bus)
{
    private readonly Lock _gate = new();

    /// <summary>Answers a question.</summary>
    /// <param name="session">Where it was asked.</param>
    /// <param name="inputId">The question.</param>
    /// <param name="value">The answer; null: there will be none.</param>
    public InputAnswer TryAnswer(Session session, string inputId, JsonElement? value)
    {
        // One answer at a time: of two to the same question, one finds the other's.
        lock (_gate)
        {
            var asked = Find(session.Id, inputId, out var isAnswered);
            if (asked is null || isAnswered)
            {
                return asked is null ? InputAnswer.NoSuchInput : InputAnswer.AlreadyAnswered;
            }

            var answer = AgentEvents.InputReceived.Draft(new InputReceived(inputId, value)) with { RunId = asked.RunId, Source = asked.Source, ParentId = asked.ParentId };
            return session.TryPublish(() => bus.Publish(session.Id, answer)) ? InputAnswer.Accepted : InputAnswer.NoSuchInput;
        }
    }

    private StreamEvent? Find(string topic, string inputId, out bool isAnswered)
    {
        isAnswered = false;
        StreamEvent? asked = null;
        var reader = bus.Subscribe(new SubscriptionOptions
        {
            Topic = topic,
            From = EventCursor.Start,
            Types = [AgentEvents.InputRequested.Name, AgentEvents.InputReceived.Name],
            IncludeWorkers = true,
            EndOnTerminal = false,
            Name = "inputs",
        });
        while (reader.TryRead(out var item))
        {
            if (!string.Equals(IdOf(item), inputId, StringComparison.Ordinal))
            {
                continue;
            }

            if (string.Equals(item.Type, AgentEvents.InputRequested.Name, StringComparison.Ordinal))
            {
                asked = item;
            }
            else
            {
                isAnswered = true;
            }
        }

        // It ends at the call; there is nothing to wait for.
        _ = reader.DisposeAsync().AsTask();
        return asked;
    }

    /// <summary>Of a run here it is the payload itself; of others, the JSON that they sent.</summary>
    private static string? IdOf(StreamEvent item) => item.Data switch
    {
        InputRequested asked => asked.Id,
        InputReceived received => received.Id,
        JsonPayload json => JsonElement.Parse(json.Utf8.Span) is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("id", out var id) ? id.GetString() : null,
        _ => null,
    };
}
