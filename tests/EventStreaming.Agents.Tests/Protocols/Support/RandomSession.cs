using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Events of a session in any order, right or wrong, of several runs and workers, and snapshots that may have nothing to do with them.</summary>
/// <param name="seed">What tells one session from another.</param>
internal sealed class RandomSession(int seed)
{
    private static readonly string?[] s_runs = [null, "r1", "r2", "w1", "w2"];
    private static readonly string?[] s_sources = [null, "queen", "worker:1", "worker:2"];
    private readonly Random _random = new(seed);

    public bool Flip() => _random.Next(2) == 0;

    public int Next(int count) => _random.Next(count);

    public EventDraft Draft()
    {
        var (type, data) = Payload();

        // Now and then as JSON, such as a relay gives it, or as JSON that is not the type's.
        var chosen = _random.Next(12) switch
        {
            0 when AgentEvents.Catalog.TryGet(type, out var declared) && data is not (null or ToolCallProgress or JsonPayload) => JsonPayload.Parse(JsonSerializer.SerializeToUtf8Bytes(data, declared!.JsonTypeInfo!)),
            1 when type is not ("error" or "progress") => JsonPayload.Parse(Encoding.UTF8.GetBytes(Pick<string>(["{}", "null", "7", """{"id":null}""", """{"a":{"b":null}}"""]))),
            _ => data,
        };
        var run = Pick(s_runs);
        var source = run is "w1" or "w2" && _random.Next(8) > 0 ? "worker:" + run[1..] : Pick(s_sources);
        return new EventDraft(type, chosen) { RunId = run, Source = source };
    }

    public SessionSnapshot Snapshot(EventCursor cursor) => new(
        Flip() ? "thread" : null,
        [.. Some(3, index => Run(Pick<string>(["r1", "r2", "w1"]) + new string('x', index)))],
        [.. Some(4, _ => new MessageSnapshot(Id("m"), Pick<string>(["user", "assistant", "critic"]), Text(), Flip(), Pick(s_runs), Pick(s_sources)))],
        [.. Some(2, _ => new ReasoningSnapshot(Id("t"), Text(), Pick(s_runs), Pick(s_sources)))],
        [.. Some(2, _ => new ToolCallSnapshot(new ToolCallStarted(Call(), "search"), Flip() ? new ToolCallProgress(Call()) : null, Pick(s_runs), Pick(s_sources)))],
        [.. Some(2, _ => new InputSnapshot(new InputRequested(Id("q"), "May I?"), Pick(s_runs), Pick(s_sources)))],
        Flip())
    {
        EndedToolCalls = [.. Some(3, _ => Ended(Call()))],
        Cursor = cursor,
    };

    public string Input() => JsonSerializer.Serialize(new
    {
        messages = Some(3, _ => new { id = Id("m"), role = "assistant", content = Text(), toolCalls = new[] { new { id = Call() } } }),
    });

    private ToolCallSnapshot Ended(Guid call) => new(
        new ToolCallStarted(call, "search"), Progress: null, Pick(s_runs), Pick(s_sources), Flip() ? new ToolCallCompleted(call, Summary: "Found.") : null, Next(9));

    private RunSnapshot Run(string id)
    {
        var state = Pick(Enum.GetValues<RunState>());
        return new(
            id,
            id[0] == 'w' ? "worker:1" : Pick<string?>([null, "queen"]),
            state,
            new RunStarted("index", ParentRunId: Flip() ? "r1" : null),
            DateTimeOffset.UnixEpoch,
            EndedAt: null,
            state == RunState.Succeeded && Flip() ? new RunCompleted(RunOutcome.Success) : null,
            state == RunState.Failed ? new AgentError("a", "b") : null,
            [.. Some(3, _ => new StepStarted(Id("s"), Pick<string>(["A", "B"]), 1))],
            Flip() ? new Progress("a", 0.1) : null,
            Flip() ? "b" : null);
    }

    private (string Type, object? Data) Payload() => _random.Next(26) switch
    {
        0 => ("run.start", new RunStarted("index", ParentRunId: Pick<string?>([null, "r1", "w1", "w2"]))),
        1 => ("run.start", new RunStarted("read", ParentRunId: "r1")),
        2 => ("run.complete", new RunCompleted(Pick(Enum.GetValues<RunOutcome>()), Usage: new TokenUsage(_random.Next(-1, 5), long.MaxValue))),
        3 when _random.Next(3) == 0 => ("error", new AgentError("a", "b")),
        3 or 4 => ("error", new AgentError("a", "b", Recoverable: true)),
        5 => ("step.start", new StepStarted(Id("s"), Pick<string>(["A", "B"]), 1)),
        6 => ("step.complete", new StepCompleted(Id("s"), Pick<string>(["A", "B"]), 1)),
        7 => ("tool_call.start", new ToolCallStarted(Call(), "search", Arguments: Flip() ? JsonDocument.Parse("""{"a":null}""").RootElement : null)),
        8 => ("tool_call.progress", new ToolCallProgress(Call(), Fraction: double.NaN)),
        9 => ("tool_call.complete", new ToolCallCompleted(Call(), Flip() ? "no" : null)),
        10 => ("message.start", new MessageStarted(Id("m"), Pick<string>(["assistant", "user", "critic", "reasoning", ""]))),
        11 or 12 => ("message.delta", new MessageDelta(Id("m"), Text())),
        13 => ("message.complete", new MessageCompleted(Id("m"), "assistant", Text() + Text())),
        14 => ("reasoning.delta", new ReasoningDelta(Id("m"), Text() + ".")),
        15 => ("input.requested", new InputRequested(Id("q"), "May I?", ToolCallId: Flip() ? Call() : null)),
        16 => ("input.received", new InputReceived(Id("q"))),
        17 => ("status", new Status("a")),
        18 => ("progress", new Progress("a", _random.NextDouble())),
        19 => ("session.created", new SessionCreated("thread")),
        20 => ("knowledge.retrieved", new KnowledgeRetrieved("k", 2)),
        21 => ("trigger.fired", new Trigger("t")),
        22 => ("subagent.report", new SubagentReport("1", "Read.")),
        23 => ("run.paused", new RunPaused()),
        24 => ("app.own", JsonPayload.Parse("""{"a":null}"""u8.ToArray())),
        _ => ("app.empty", null),
    };

    private List<T> Some<T>(int most, Func<int, T> make) => Enumerable.Range(0, _random.Next(most + 1)).Select(make).ToList();

    private T Pick<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];

    private string Id(string prefix) => prefix + _random.Next(4);

    private Guid Call() => new(_random.Next(4), 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private string Text() => Pick<string>(["", "a", "b\r\nc", "\u00e4\U0001F600"]);
}
