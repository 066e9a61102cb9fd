namespace EventStreaming.Agents.Upcasting;

/// <summary>What an upcaster keeps of a stream at most, however long that is and whatever it holds.</summary>
internal static class LegacyLimits
{
    /// <summary>The most calls, messages, steps, searches and questions, each, that are open at a time. For one more the oldest is ended.</summary>
    public const int MaxOpen = 1_024;

    /// <summary>The most ids that are known for used. From there on ids are numbered instead: they stay unique, but are not made of the stream's own alone.</summary>
    public const int MaxRemembered = 16_384;

    /// <summary>The most characters of one message. A longer one goes on as another.</summary>
    public const int MaxTextLength = 131_072;

    /// <summary>The most characters, or bytes of JSON, of all that is open together. For more the oldest is ended.</summary>
    public const int MaxHeld = 16 << 20;
}
