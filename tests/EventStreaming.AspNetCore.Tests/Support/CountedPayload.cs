using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Counts how often it is serialized; what is written is the count.</summary>
[JsonConverter(typeof(CountingConverter))]
internal sealed class CountedPayload
{
    private int _writes;

    public int Writes => Volatile.Read(ref _writes);

    public int Write() => Interlocked.Increment(ref _writes);

    private sealed class CountingConverter : JsonConverter<CountedPayload>
    {
        public override CountedPayload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, CountedPayload value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Write());
    }
}
