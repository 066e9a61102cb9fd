namespace EventStreaming.AspNetCore;

/// <summary>The formats an endpoint offers.</summary>
internal static class FormatList
{
    public static void Validate(string option, IList<EventEncoder> formats)
    {
        OptionRange.ThrowIfOutside(option, formats.Count, 1, 64);
        if (formats.GroupBy(static encoder => encoder.Format, StringComparer.Ordinal).FirstOrDefault(static group => group.Skip(1).Any()) is { } twice)
        {
            throw new InvalidOperationException($"{option} has '{twice.Key}' twice: a client could not tell them apart. Remove one.");
        }
    }
}
