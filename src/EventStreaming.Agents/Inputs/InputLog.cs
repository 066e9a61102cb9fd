using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Inputs;

/// <summary>The questions that a topic's history has, and which of them are answered, whoever published them. Not thread-safe.</summary>
internal sealed class InputLog
{
    private static readonly string[] s_types = [AgentEvents.InputRequested.Name, AgentEvents.InputReceived.Name, AgentEvents.RunComplete.Name, AgentEvents.Error.Name];

    private readonly Dictionary<string, LoggedInput> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _ends = new(StringComparer.Ordinal);

    private InputLog()
    {
    }

    /// <summary>Those that wait for an answer, in the order in which they were asked.</summary>
    public IEnumerable<LoggedInput> Open => _byId.Values.Where(static input => input.IsOpen).OrderBy(static input => input.Sequence);

    /// <summary>Reads what is there now.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">The topic, which there is.</param>
    /// <param name="from">Behind what.</param>
    public static InputLog Read(IEventBus bus, string topic, EventCursor from)
    {
        var log = new InputLog();
        var reader = bus.Subscribe(new SubscriptionOptions
        {
            Topic = topic,
            From = from,
            Types = s_types,
            IncludeWorkers = true,
            EndOnTerminal = false,
            EndOnHostStopping = false,
            Name = "inputs",
        });
        while (reader.TryRead(out var item))
        {
            log.Take(item);
        }

        // It ends at the call; there is nothing to wait for.
        _ = reader.DisposeAsync().AsTask();
        return log;
    }

    /// <summary>What is known of a question; null when nothing is.</summary>
    public LoggedInput? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether the run that an event is of has ended since.</summary>
    public bool IsEndedAfter(StreamEvent item) => item.RunId is { } run && _ends.TryGetValue(run, out var end) && end > item.Sequence;

    private void Take(StreamEvent item)
    {
        if (AgentPayload.Of<InputRequested>(item) is { } request)
        {
            // Asked again under the same id, it waits again.
            _byId[request.Id] = new LoggedInput(this, item, request);
        }
        else if (AgentPayload.Of<InputReceived>(item) is { } answer)
        {
            if (_byId.TryGetValue(answer.Id, out var asked))
            {
                asked.Answered();
            }
            else
            {
                _byId.Add(answer.Id, new LoggedInput(this, item, request: null));
            }
        }
        else if (item is { IsTerminal: true, RunId: { } run })
        {
            _ends[run] = item.Sequence;
        }
    }
}
