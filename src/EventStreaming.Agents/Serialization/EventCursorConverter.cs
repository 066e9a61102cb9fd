using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStreaming.Agents.Serialization;

/// <summary>A place as its text; the place before all events as <c>start</c>.</summary>
internal sealed class EventCursorConverter : JsonConverter<EventCursor>
{
    public override EventCursor Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return EventCursor.TryParse(text, out var cursor) ? cursor
            : string.Equals(text, EventCursor.Start.ToString(), StringComparison.Ordinal) ? EventCursor.Start
            : throw new JsonException("The cursor is none.");
    }

    public override void Write(Utf8JsonWriter writer, EventCursor value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
