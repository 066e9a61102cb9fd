namespace EventStreaming.AspNetCore;

/// <summary>The formats an endpoint offers.</summary>
internal static class FormatList
{
    private const int MaxCount = 64;

    public static void Validate(string option, IList<EventEncoder> formats)
    {
        OptionRange.ThrowIfOutside(option, formats.Count, 1, MaxCount);
        ThrowIfTwice(option, formats.Select(static encoder => encoder.Format));
    }

    /// <summary>Protocols, whose names are in one list with those of the formats.</summary>
    public static void Validate(string option, IList<EventProtocol> protocols, string otherOption, IList<EventEncoder> formats)
    {
        OptionRange.ThrowIfOutside(option, protocols.Count, 0, MaxCount);
        ThrowIfTwice(option, protocols.Select(static protocol => protocol.Format));
        if (protocols.FirstOrDefault(protocol => formats.Any(encoder => string.Equals(encoder.Format, protocol.Format, StringComparison.Ordinal))) is { } both)
        {
            throw new InvalidOperationException($"{option} has '{both.Format}', and so has {otherOption}: a client could not tell them apart. Remove one.");
        }
    }

    private static void ThrowIfTwice(string option, IEnumerable<string> names)
    {
        if (names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Skip(1).Any()) is { } twice)
        {
            throw new InvalidOperationException($"{option} has '{twice.Key}' twice: a client could not tell them apart. Remove one.");
        }
    }
}
