using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EventStreaming;

/// <summary>What a topic may be called.</summary>
public static class TopicName
{
    /// <summary>The longest name, in characters: 256.</summary>
    public const int MaxLength = 256;

    /// <summary>
    /// Whether a topic may have this name, which may come from a client: 1 to 256 characters, no control characters, no halves of surrogate
    /// pairs. Never throws.
    /// </summary>
    /// <param name="topic">The name.</param>
    public static bool IsValid([NotNullWhen(true)] string? topic) =>
        topic is { Length: > 0 and <= MaxLength } && IsWellFormed(topic) && !topic.Any(char.IsControl);

    /// <summary>Checked when a topic is created or subscribed to, not at each publish.</summary>
    internal static void Validate(string topic, string parameter)
    {
        ArgumentNullException.ThrowIfNull(topic, parameter);
        if (topic.Length is 0 or > MaxLength)
        {
            throw new ArgumentException($"The topic has {topic.Length} characters; use 1 to {MaxLength}.", parameter);
        }

        if (!IsWellFormed(topic))
        {
            throw new ArgumentException("The topic has half of a surrogate pair, which no encoding can carry; remove it.", parameter);
        }

        if (topic.Any(char.IsControl))
        {
            var shown = string.Concat(topic.Select(static c => char.IsControl(c) ? '?' : c));
            throw new ArgumentException($"The topic '{shown}' has a control character; remove it.", parameter);
        }
    }

    /// <summary>Two names that differ only in broken surrogates would be one name to every encoder, and to the digest in a cursor.</summary>
    private static bool IsWellFormed(string topic)
    {
        for (var rest = topic.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[consumed..];
        }

        return true;
    }
}
