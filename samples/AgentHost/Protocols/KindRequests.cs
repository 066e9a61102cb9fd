using System.Buffers;
using System.Text.Json;

namespace AgentHost.Protocols;

/// <summary>Makes of what a client says the request of a kind of run.</summary>
internal static class KindRequests
{
    /// <summary>What runs when the client does not say.</summary>
    private const string DefaultKind = "orchestrator";

    /// <summary>What a client may say beside its text. Anything else is its own affair.</summary>
    private static readonly string[] s_members = ["directory", "file", "provoke", "prompts", "alert", "trades"];

    public static JsonElement Create(Said said)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            var kind = said.Parameters.GetText("kind") ?? DefaultKind;
            json.WriteStartObject();
            json.WriteString("kind", kind);
            foreach (var name in s_members)
            {
                if (said.Parameters.Get(name) is { ValueKind: not JsonValueKind.Undefined } value)
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }
            }

            if (TextMemberOf(kind) is { } member && said.Text is not null && (said.Parameters.Get(member).ValueKind == JsonValueKind.Undefined || !s_members.Contains(member)))
            {
                json.WriteString(member, said.Text);
            }

            json.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>Which member of its request a kind has the text in; null when it takes none.</summary>
    private static string? TextMemberOf(string kind) => kind switch
    {
        "orchestrator" => "query",
        "generation" => "prompt",
        "assistant" => "question",
        "alerts" => "file",
        _ => null,
    };
}
