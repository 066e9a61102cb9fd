using System.Text.Json;
using EventStreaming.Agents;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>By publishing their JSON, made beforehand, as one who takes it from elsewhere does.</summary>
internal sealed class RawDeltas : DeltaLoop
{
    private readonly Dictionary<string, JsonPayload> _payloads = Pieces.Distinct(StringComparer.Ordinal).ToDictionary(
        static piece => piece,
        static piece => JsonPayload.Parse(JsonSerializer.SerializeToUtf8Bytes(PlainDeltas.Payload(piece), AgentEvents.MessageDelta.JsonTypeInfo!)),
        StringComparer.Ordinal);

    private readonly JsonPayload[] _inOrder;
    private int _next;

    public RawDeltas() => _inOrder = [.. Pieces.Select(piece => _payloads[piece])];

    protected override void Say(string piece) =>
        Bus.Publish(Topic, new EventDraft("message.delta", _inOrder[_next++ % BatchSize]) { RunId = PlainDeltas.RunId });
}
