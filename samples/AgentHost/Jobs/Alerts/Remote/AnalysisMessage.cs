using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts.Remote;

/// <summary>What an agent is sent: the alert and the trades themselves, as it may not see their files.</summary>
internal static class AnalysisMessage
{
    /// <summary>The most bytes of a message: what a host takes.</summary>
    private const int MaxBytes = Endpoints.RequestBody.MaxBytes;

    /// <exception cref="AgentRunException">It would be too large.</exception>
    public static byte[] Write(string type, string conversation, Alert alert, string trades)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("message");
            json.WriteString("messageId", Guid.CreateVersion7().ToString("N"));
            json.WriteString("contextId", conversation);
            json.WriteString("role", "ROLE_USER");
            json.WriteStartArray("parts");
            json.WriteStartObject();
            json.WriteString("text", $"Analyse alert {alert.AlertId}");
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("kind", type);
            json.WritePropertyName("alert");
            JsonSerializer.Serialize(json, alert, JobJsonContext.Default.Alert);
            json.WriteString("trades", trades);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenCount <= MaxBytes ? buffer.WrittenSpan.ToArray()
            : throw new AgentRunException("alert_too_large", FormattableString.Invariant($"The alert and its trades are {buffer.WrittenCount} bytes; an agent takes {MaxBytes}. Send the trades of a shorter time."));
    }
}
