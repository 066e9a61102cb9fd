using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStreaming.Agents.Serialization;

/// <summary>A duration as a JSON number of milliseconds, which every client can reckon with; .NET's own text form only .NET reads.</summary>
internal sealed class MillisecondsConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var milliseconds = reader.GetDouble();
        return Math.Abs(milliseconds) < TimeSpan.MaxValue.TotalMilliseconds
            ? TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new JsonException($"A duration of {milliseconds} ms is out of range; use at most {TimeSpan.MaxValue.TotalMilliseconds}.");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.TotalMilliseconds);
}
