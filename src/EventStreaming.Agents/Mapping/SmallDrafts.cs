namespace EventStreaming.Agents.Mapping;

/// <summary>Events without their content, for a bus that takes no large ones.</summary>
internal static class SmallDrafts
{
    private const int MaxText = 100;

    public static bool TryMake(EventDraft draft, out EventDraft small)
    {
        object? data = draft.Data switch
        {
            RunStarted start => start with { Kind = Cut(start.Kind), Input = null },
            RunCompleted end => end with { Result = null },
            AgentError error => error with { Code = Cut(error.Code), Message = Cut(error.Message), Details = null, StepId = null },
            ToolCallStarted call => new ToolCallStarted(call.Id, Cut(call.Tool)),
            ToolCallCompleted call => new ToolCallCompleted(call.Id, call.Error is { } error ? Cut(error) : null, "Its result is too large.", IsAction: call.IsAction, Duration: call.Duration),
            MessageCompleted message => message with { Text = Cut(message.Text) },
            MessageDelta delta => delta with { Text = Cut(delta.Text) },
            ReasoningDelta delta => delta with { Text = Cut(delta.Text) },
            InputRequested question => question with { Prompt = Cut(question.Prompt), Schema = null },
            InputReceived answer => answer with { Value = null },
            KnowledgeRetrievalStarted search => search with { Query = null },
            KnowledgeRetrieved search => search with { Sources = null },
            Status status => new Status(Cut(status.Message)),
            Progress progress => progress with { Stage = Cut(progress.Stage), Message = null },
            _ => new AgentError("event_too_large", $"An event of the type '{draft.Type}' is larger than the bus takes.", Recoverable: true),
        };
        small = draft with { Data = data, Type = data is AgentError ? AgentEvents.Error.Name : draft.Type };
        return true;
    }

    private static string Cut(string text) => ShortText.Of(text, MaxText);
}
