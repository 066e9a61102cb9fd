using System.Text.Json;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>One block of a stream as it was sent, field by field: a null was not there.</summary>
internal sealed record SseFrame(string? Id, string? Event, string? Data, string? Retry, int Comments)
{
    public bool IsComment => this is { Id: null, Event: null, Data: null, Retry: null, Comments: > 0 };

    public JsonElement Json => JsonDocument.Parse(Data!).RootElement;

    /// <summary>What the publisher published.</summary>
    public JsonElement Payload => Json.GetProperty("data");

    public override string ToString() => $"[id {Id ?? "-"}, event {Event ?? "-"}, data {Data ?? "-"}, retry {Retry ?? "-"}, {Comments} comments]";
}
