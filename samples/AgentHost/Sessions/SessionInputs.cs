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

    /// <summary>The run that asks, or has asked, a question; null when none did, or it is not known which.</summary>
    public string? FindAsker(Session session, string inputId) => Find(session.Id, inputId, out _)?.RunId;

    /// <summary>The questions of a session that wait for an answer, in the order in which they were asked.</summary>
    public IReadOnlyList<OpenInput> ListOpen(Session session)
    {
        var open = new List<OpenInput>();
        Read(session.Id, item =>
        {
            if (item.Type.Equals(AgentEvents.InputRequested.Name, StringComparison.Ordinal) && RequestOf(item) is { } request)
            {
                open.Add(new OpenInput(request, item.RunId));
            }
            else if (IdOf(item) is { } answered)
            {
                open.RemoveAll(input => string.Equals(input.Request.Id, answered, StringComparison.Ordinal));
            }
        });
        return open;
    }

    private static InputRequested? RequestOf(StreamEvent item)
    {
        try
        {
            return item.Data as InputRequested
                ?? (item.Data is JsonPayload json ? (InputRequested?)JsonSerializer.Deserialize(json.Utf8.Span, AgentEvents.InputRequested.JsonTypeInfo!) : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private StreamEvent? Find(string topic, string inputId, out bool isAnswered)
    {
        StreamEvent? asked = null;
        var found = false;
        Read(topic, item =>
        {
            if (!string.Equals(IdOf(item), inputId, StringComparison.Ordinal))
            {
                return;
            }

            if (string.Equals(item.Type, AgentEvents.InputRequested.Name, StringComparison.Ordinal))
            {
                asked = item;
            }
            else
            {
                found = true;
            }
        });
        isAnswered = found;
        return asked;
    }

    private void Read(string topic, Action<StreamEvent> take)
    {
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
            take(item);
        }

        // It ends at the call; there is nothing to wait for.
        _ = reader.DisposeAsync().AsTask();
    }

    /// <summary>Of a run here it is the payload itself; of others, the JSON that they sent.</summary>
    private static string? IdOf(StreamEvent item) => item.Data switch
    {
        InputRequested asked => asked.Id,
        InputReceived received => received.Id,
        JsonPayload json => JsonElement.Parse(json.Utf8.Span) is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null,
        _ => null,
    };
}
