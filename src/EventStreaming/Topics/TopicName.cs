using System.Buffers;
using System.Text;

namespace EventStreaming;

internal static class TopicName
{
    public const int MaxLength = 256;

    /// <summary>Checked when a topic is created or subscribed to, not at each publish.</summary>
    public static void Validate(string topic, string parameter)
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
