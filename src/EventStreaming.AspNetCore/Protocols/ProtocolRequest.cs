using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>What a client may ask of a protocol beside its name: nothing.</summary>
internal static class ProtocolRequest
{
    private static readonly string[] s_ofFormats = ["types", "from", "workers"];

    /// <returns>What is wrong; null when nothing is.</returns>
    public static Refusal? Check(HttpRequest request, EventProtocol protocol)
    {
        foreach (var name in s_ofFormats)
        {
            if (RequestQuery.Get(request, name).Count > 0)
            {
                return Refusal.NotInProtocol(name, protocol.Format);
            }
        }

        return null;
    }
}
