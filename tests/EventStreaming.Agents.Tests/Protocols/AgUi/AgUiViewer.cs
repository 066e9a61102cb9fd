using System.Text.Json;
using EventStreaming.Agents.Tests.Protocols.Support;

namespace EventStreaming.Agents.Tests.Protocols.AgUi;

/// <summary>Somebody who watches a session in AG-UI, and holds what comes to the protocol's rules.</summary>
internal sealed class AgUiViewer
{
    public const string Topic = "session-1";

    private readonly AgUiChecker _checker;
    private readonly ProtocolSink _sink;

    private AgUiViewer(EventBus bus, AgUiProtocol protocol, EventProtocolRequest request, Task? gate)
    {
        _checker = new AgUiChecker(request.Input?.GetRawText());
        var session = protocol.Open(request);
        _sink = new ProtocolSink(session, _checker.Check, gate);
        var options = new SubscriptionOptions { Topic = Topic };
        session.Configure(options);
        Done = EventPump.RunAsync(bus.Subscribe(options), _sink);
    }

    public Task<EndReason> Done { get; }

    public AgUiChecker Checker => _checker;

    public IReadOnlyList<JsonElement> Frames => [.. _sink.Messages.Select(static frame => JsonDocument.Parse(frame).RootElement)];

    /// <summary>The types of what came, each with what tells it from others of its type.</summary>
    public IReadOnlyList<string> Told => [.. Frames.Select(static frame => frame.GetProperty("type").GetString() + Mark(frame))];

    public static AgUiViewer Watch(EventBus bus, SessionSnapshot? snapshot = null, string? runId = null, string? input = null, bool includeWorkers = false, Task? gate = null) =>
        new(
            bus,
            new AgUiProtocol(new FixedSnapshots(snapshot)) { IncludeWorkers = includeWorkers },
            new EventProtocolRequest(Topic) { RunId = runId, Input = input is null ? null : JsonDocument.Parse(input).RootElement },
            gate);

    /// <summary>Waits until an event has come, and throws if a rule was broken.</summary>
    public async Task<AgUiViewer> SeeAsync(StreamEvent item)
    {
        await _sink.SeenAsync(item);
        return Check();
    }

    public async Task<AgUiViewer> OverAsync()
    {
        await _sink.OverAsync();
        return Check();
    }

    public JsonElement Frame(string type) => Frames.Last(frame => frame.GetProperty("type").ValueEquals(type));

    private AgUiViewer Check() => _sink.Failure is { } failure ? throw new InvalidOperationException(failure.Message + "\n" + string.Join('\n', _sink.Messages), failure) : this;

    private static string Mark(JsonElement frame)
    {
        foreach (var name in new[] { "delta", "stepName", "messageId", "name", "message", "content" })
        {
            if (frame.TryGetProperty(name, out var value))
            {
                return " " + value;
            }
        }

        return frame.TryGetProperty("outcome", out var outcome) ? " " + outcome.GetProperty("type")
            : frame.TryGetProperty("subagentRunId", out var run) ? " " + run : string.Empty;
    }
}
