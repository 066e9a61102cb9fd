namespace EventStreaming.Agents.Mapping;

/// <summary>The beginning of a text.</summary>
internal static class ShortText
{
    /// <summary>The text, or as much of its beginning as is allowed: a pair of surrogates is not cut in two.</summary>
    public static string Of(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
}
