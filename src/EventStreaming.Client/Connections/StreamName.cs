namespace EventStreaming.Client;

/// <summary>A stream's name in logs and messages: its URL without user, query and fragment, which may hold secrets.</summary>
internal static class StreamName
{
    public static string Of(Uri uri) => uri.IsAbsoluteUri
        ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        : new string([.. uri.OriginalString.TakeWhile(static c => c is not ('?' or '#')).Select(static c => char.IsControl(c) ? '?' : c)]);
}
