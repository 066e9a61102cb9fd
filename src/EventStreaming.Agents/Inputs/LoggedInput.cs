namespace EventStreaming.Agents.Inputs;

/// <summary>A question, as far as a topic's history tells of it.</summary>
/// <param name="log">The history.</param>
/// <param name="item">Its newest <c>input.requested</c>; its answer when the history has none any more.</param>
/// <param name="request">What is asked; null when the history does not tell.</param>
internal sealed class LoggedInput(InputLog log, StreamEvent item, InputRequested? request)
{
    private bool _isAnswered = request is null;

    public InputRequested? Request => request;

    public string? RunId => item.RunId;

    public string? Source => item.Source;

    public long Sequence => item.Sequence;

    /// <summary>Whether it waits for an answer: none is there, and its run goes on.</summary>
    public bool IsOpen => !_isAnswered && !log.IsEndedAfter(item);

    public void Answered() => _isAnswered = true;

    /// <summary>Tells the answer in the name of whoever asked, unless one has been told since.</summary>
    public bool TryAnswer(IEventBus bus, InputReceived answer)
    {
        if (InputLog.Read(bus, item.Topic, item.Cursor).Find(answer.Id) is { IsOpen: false })
        {
            return false;
        }

        bus.Publish(item.Topic, AgentEvents.InputReceived.Draft(answer) with { RunId = item.RunId, Source = item.Source, ParentId = item.ParentId, CorrelationId = item.CorrelationId });
        return true;
    }
}
