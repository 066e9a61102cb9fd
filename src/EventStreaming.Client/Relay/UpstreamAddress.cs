namespace EventStreaming.Client;

/// <summary>Where one topic is read: the whole of it, workers' events included, whatever the relay's own viewers will get of it.</summary>
internal sealed class UpstreamAddress
{
    public UpstreamAddress(Uri uri)
    {
        var builder = new UriBuilder(uri) { Fragment = string.Empty };
        builder.Query = With(With(builder.Query, "from", "start"), "workers", "all");
        Uri = builder.Uri;

        // Not the path, nor the user: those who watch here may not be meant to know them.
        Name = uri.Authority.Length <= EventDraft.MaxAttributeLength ? uri.Authority : null;
    }

    public Uri Uri { get; }

    /// <summary>What viewers are told it is called.</summary>
    public string? Name { get; }

    public static bool IsHttp(Uri uri) =>
        uri.IsAbsoluteUri && (string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) || string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal));

    private static string With(string query, string name, string value)
    {
        var pairs = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);
        return pairs.Any(pair => pair.StartsWith(name + "=", StringComparison.Ordinal)) ? query : string.Join('&', [.. pairs, $"{name}={value}"]);
    }
}
