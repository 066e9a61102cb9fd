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

        if (topic.Any(char.IsControl))
        {
            var shown = string.Concat(topic.Select(static c => char.IsControl(c) ? '?' : c));
            throw new ArgumentException($"The topic '{shown}' has a control character; remove it.", parameter);
        }
    }
}
