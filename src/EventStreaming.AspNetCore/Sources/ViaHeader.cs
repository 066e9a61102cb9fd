using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace EventStreaming.AspNetCore;

/// <summary>The <c>Via</c> header (RFC 9110, section 7.6.3): who passed a request or a response on, each with its name.</summary>
internal static class ViaHeader
{
    /// <summary>More than any way is long: what comes behind is not read.</summary>
    private const int MaxCount = 64;
    private const int MaxNameLength = 128;

    /// <summary>
    /// The names, the first one first. What cannot be read is left out: other servers on the way, or the client, may write anything. So are names with letters beyond ASCII, which can be parsed, but
    /// not be passed on.
    /// </summary>
    public static IReadOnlyList<string> Read(StringValues header)
    {
        var names = new List<string>();
        foreach (var text in header)
        {
            foreach (var range in text.AsSpan().Split(','))
            {
                if (names.Count == MaxCount)
                {
                    return names;
                }

                if (ViaHeaderValue.TryParse(text.AsSpan()[range].Trim().ToString(), out var via) && via.ReceivedBy.Length <= MaxNameLength && Ascii.IsValid(via.ReceivedBy))
                {
                    names.Add(via.ReceivedBy);
                }
            }
        }

        return names;
    }

    /// <summary>The value of a header that has these names.</summary>
    public static StringValues Write(IReadOnlyList<string> names) => new([.. names.Select(static name => new ViaHeaderValue("1.1", name).ToString())]);
}
