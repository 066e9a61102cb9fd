using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EventStreaming.AspNetCore;

/// <summary>What a client's message asks for. Nothing of it has been looked at but its form.</summary>
internal sealed class SocketCommand
{
    public const string Subscribe = "subscribe";
    public const string Unsubscribe = "unsubscribe";
    public const string Ping = "ping";

    private string? _action;
    private string? _topic;
    private string? _cursor;
    private string? _format;
    private string? _from;
    private string? _workers;

    public string? Action => _action;

    public string? Topic => _topic;

    public string[]? Types { get; private set; }

    public string? Cursor => _cursor;

    public string? Format => _format;

    public string? From => _from;

    public string? Workers => _workers;

    /// <summary>Reads one JSON object. Strict: a member whose name is misspelt would otherwise be left out unnoticed.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="maxTypes">How many types are read at most; one more than that, so that there are seen to be too many.</param>
    /// <param name="command">The command, when nothing is wrong.</param>
    /// <param name="wrong">What is wrong, for the client.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8, int maxTypes, [NotNullWhen(true)] out SocketCommand? command, [NotNullWhen(false)] out string? wrong)
    {
        command = new SocketCommand();
        try
        {
            var reader = new Utf8JsonReader(utf8);
            wrong = command.Read(ref reader, maxTypes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what the reader throws for text in it that is no Unicode.
            wrong = "The message is not valid JSON.";
        }

        return wrong is null;
    }

    private string? Read(ref Utf8JsonReader reader, int maxTypes)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "The message is not a JSON object.";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (ReadMember(ref reader, maxTypes) is { } wrong)
            {
                return wrong;
            }
        }

        if (reader.Read())
        {
            return "The message is more than one JSON object.";
        }

        return Action switch
        {
            null => "The message has no 'action'.",
            Ping => null,
            Subscribe or Unsubscribe => Topic is null ? "The message has no 'topic'." : null,
            _ => "The message's 'action' is unknown.",
        };
    }

    private string? ReadMember(ref Utf8JsonReader reader, int maxTypes)
    {
        if (reader.ValueTextEquals("action"u8))
        {
            return TryReadText(ref reader, ref _action) ? null : "The message's 'action' is not one string.";
        }

        if (reader.ValueTextEquals("topic"u8))
        {
            return TryReadText(ref reader, ref _topic) ? null : "The message's 'topic' is not one string.";
        }

        if (reader.ValueTextEquals("cursor"u8))
        {
            return TryReadText(ref reader, ref _cursor) ? null : "The message's 'cursor' is not one string; leave it out to begin anew.";
        }

        if (reader.ValueTextEquals("format"u8))
        {
            return TryReadText(ref reader, ref _format) ? null : "The message's 'format' is not one string.";
        }

        if (reader.ValueTextEquals("from"u8))
        {
            return TryReadText(ref reader, ref _from) ? null : "The message's 'from' is not one string.";
        }

        if (reader.ValueTextEquals("workers"u8))
        {
            return TryReadText(ref reader, ref _workers) ? null : "The message's 'workers' is not one string.";
        }

        if (reader.ValueTextEquals("types"u8))
        {
            return TryReadTypes(ref reader, maxTypes) ? null : "The message's 'types' is not one array of strings.";
        }

        return "The message has a member that is none of 'action', 'topic', 'types', 'cursor', 'from', 'workers' and 'format'.";
    }

    /// <summary>Reads a string, or null. The same member twice is an error: which of them is meant?</summary>
    private static bool TryReadText(ref Utf8JsonReader reader, ref string? text)
    {
        reader.Read();
        if (text is not null || reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            return false;
        }

        text = reader.GetString();
        return true;
    }

    private bool TryReadTypes(ref Utf8JsonReader reader, int maxTypes)
    {
        reader.Read();
        if (Types is not null || reader.TokenType != JsonTokenType.StartArray)
        {
            return Types is null && reader.TokenType == JsonTokenType.Null;
        }

        var types = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                return false;
            }

            if (types.Count <= maxTypes)
            {
                types.Add(reader.GetString()!); // It is a string.
            }
        }

        Types = [.. types];
        return true;
    }
}
