using System.Runtime.InteropServices;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>An event of an older form.</summary>
/// <param name="Type">Its type, such as <c>step_started</c>.</param>
/// <param name="Data">Its payload.</param>
public readonly record struct LegacyEvent(string Type, JsonElement Data)
{
    /// <summary>Who says it, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The run it belongs to, or null.</summary>
    public string? RunId { get; init; }

    /// <summary>What joins events of one request, or null.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What it is part of, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>The node of a graph that it comes from, or null.</summary>
    public string? Node { get; init; }

    /// <summary>
    /// Reads an event as it was on the wire: <c>{"type","stream_id","run_id","data":{…}}</c>, or a bare payload whose type came beside it, as the
    /// <c>event:</c> of an SSE stream.
    /// </summary>
    /// <param name="utf8">One JSON value.</param>
    /// <param name="type">The type, if it came beside it.</param>
    /// <param name="item">The event.</param>
    /// <returns>False when it is not JSON, or has no type.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, string? type, out LegacyEvent item)
    {
        item = default;
        if (!JsonText.TryParse(utf8, out var json))
        {
            return false;
        }

        // "message" is what an SSE reader calls an event without a name.
        var named = type is null or "message" && json.Text("type", "event_type") is { Length: > 0 } inner ? inner : type;
        if (named is not { Length: > 0 })
        {
            return false;
        }

        var data = json.Find("data", "event_data", "payload") is { ValueKind: JsonValueKind.Object } payload && json.Find("type", "event_type") is not null ? payload : json;
        item = new LegacyEvent(named, data)
        {
            Source = json.Words("source", "stream_id"),
            RunId = json.Words("run_id", "execution_id"),
            CorrelationId = json.Words("correlation_id"),
            ParentId = json.Words("parent_id"),
            Node = json.Words("node_id"),
        };
        return true;
    }

    /// <summary>The event as it is, unchanged but for its form: what no upcaster knows is passed on so.</summary>
    public EventDraft ToDraft() => Attribute(new EventDraft(Type, Data.ValueKind == JsonValueKind.Undefined ? null : JsonPayload.Parse(JsonMarshal.GetRawUtf8Value(Data).ToArray())));

    /// <summary>What has to be kept of it to say more of the same: not its payload, which may be large.</summary>
    internal LegacyEvent WithoutData(string? runId = null) => this with { Data = default, RunId = runId ?? RunId };

    internal EventDraft Draft<TData>(EventTypeDescriptor<TData> type, TData data, string? runId = null)
        where TData : notnull
    {
        var draft = Attribute(type.Draft(data));
        return runId is null ? draft : draft with { RunId = AttributeText.Fit(runId) };
    }

    private EventDraft Attribute(EventDraft draft) => draft with
    {
        Source = AttributeText.Fit(Source),
        RunId = AttributeText.Fit(RunId),
        CorrelationId = AttributeText.Fit(CorrelationId),
        ParentId = AttributeText.Fit(ParentId),
    };
}
