namespace EventStreaming.Client;

/// <summary>Topics' URLs from one text with a place for the name.</summary>
internal sealed class UpstreamTemplate(string template)
{
    public const string Placeholder = "{topic}";

    private readonly int _segments = Fill(template, "t")!.Segments.Length; // It is validated.

    public static bool IsValid(string template) =>
        template.Split(Placeholder).Length == 2
        && Fill(template, "t") is { } filled
        && Fill(template, "u") is { } other
        && !string.Equals(filled.PathAndQuery, other.PathAndQuery, StringComparison.Ordinal);

    /// <returns>The URL; null when the topic's name cannot be in one: <c>..</c> would lead to another place than it says.</returns>
    public Uri? Find(string topic) => Fill(template, Uri.EscapeDataString(topic)) is { } uri && uri.Segments.Length == _segments ? uri : null;

    private static Uri? Fill(string template, string escaped) =>
        Uri.TryCreate(template.Replace(Placeholder, escaped, StringComparison.Ordinal), UriKind.Absolute, out var uri) && UpstreamAddress.IsHttp(uri) ? uri : null;
}
