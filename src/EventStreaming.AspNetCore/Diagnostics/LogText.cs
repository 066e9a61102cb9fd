using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventStreaming.AspNetCore;

/// <summary>What of a request is put into logs: bounded, and nothing a client could forge a line with.</summary>
internal static class LogText
{
    private const int MaxTypes = 8;

    /// <summary>The server's own id of the connection. Not the trace identifier, which hosts take from a client's header.</summary>
    public static string Connection(HttpContext context) => context.Features.Get<IHttpConnectionFeature>()?.ConnectionId ?? string.Empty;

    public static string Topic(string? topic) => TopicName.IsValid(topic) ? topic : "(invalid)";

    public static string Types(IReadOnlyCollection<string>? types) => types switch
    {
        null => "all",
        { Count: <= MaxTypes } => string.Join(", ", types),
        _ => $"{string.Join(", ", types.Take(MaxTypes))} and {types.Count - MaxTypes} more",
    };
}
