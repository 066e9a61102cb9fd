using System.Net.Http.Headers;

namespace EventStreaming.Client;

/// <summary>Through whom a request came, or an answer: names in the <c>Via</c> header (RFC 9110, section 7.6.3).</summary>
internal static class ViaPath
{
    /// <summary>Relays in a row. A way that is longer is taken for one that leads in a circle, of relays that do not say who they are.</summary>
    public const int MaxHops = 16;

    private const string Protocol = "1.1";

    public static void Write(HttpRequestMessage request, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            // Names of others, which may be anything: what no header can have is no relay's.
            if (ViaHeaderValue.TryParse($"{Protocol} {name}", out var via))
            {
                request.Headers.Via.Add(via);
            }
        }
    }

    public static IReadOnlyList<string> Read(HttpResponseMessage response) => [.. response.Headers.Via.Select(static via => via.ReceivedBy).Take(4 * MaxHops)];
}
