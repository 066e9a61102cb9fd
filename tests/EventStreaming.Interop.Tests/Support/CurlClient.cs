namespace EventStreaming.Interop.Tests.Support;

/// <summary>curl, without a buffer of its own (<c>-N</c>).</summary>
internal static class CurlClient
{
    public static ChildProcess Get(Uri address, params IEnumerable<string> options) =>
        ChildProcess.Start("curl", ["--no-buffer", "--silent", "--show-error", "--noproxy", "*", .. options, address.AbsoluteUri]);
}
