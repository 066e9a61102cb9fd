using System.Net.Http.Headers;
using System.Text;

namespace EventStreaming.Client;

/// <summary>Through whom a request came, or an answer: names in the <c>Via</c> header (RFC 9110, section 7.6.3).</summary>
internal static class ViaPath
{
    /// <summary>Relays in a row. A way that is longer is taken for one that leads in a circle, of relays that do not say who they are.</summary>
    public const int MaxHops = 16;

    private const string Protocol = "1.1";
    private const int MaxNameLength = 128;

    public static void Write(HttpRequestMessage request, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            // Names of others, which may be anything: what no header can have is no relay's. Letters beyond ASCII can be parsed, and not be sent.
            if (IsName(name) && ViaHeaderValue.TryParse($"{Protocol} {name}", out var via))
            {
                request.Headers.Via.Add(via);
            }
        }
    }

    public static IReadOnlyList<string> Read(HttpResponseMessage response) => [.. response.Headers.Via.Select(static via => via.ReceivedBy).Where(IsName).Take(4 * MaxHops)];

    private static bool IsName(string name) => name.Length <= MaxNameLength && Ascii.IsValid(name);
}
