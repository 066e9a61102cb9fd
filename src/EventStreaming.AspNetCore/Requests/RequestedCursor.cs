using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Where a client says it stands. The header wins: a browser sends it on reconnect, when its URL still has the place where the page
/// began.
/// </summary>
internal static class RequestedCursor
{
    public const string Header = "Last-Event-ID";

    /// <returns>
    /// Null when it says nothing. What cannot be read is no error, which would keep the client from ever coming back
    /// (dunglas/mercure#704): it becomes the default cursor, of which the bus says that it is not the topic's.
    /// </returns>
    public static EventCursor? Read(HttpRequest request)
    {
        var text = FirstOf(request.Headers[Header], RequestQuery.Get(request, "last_event_id"), RequestQuery.Get(request, "lastEventId"));
        return StringValues.IsNullOrEmpty(text) ? null : text.Count == 1 ? Read(text[0]) : default(EventCursor);
    }

    /// <inheritdoc cref="Read(HttpRequest)"/>
    public static EventCursor? Read(string? text) =>
        string.IsNullOrEmpty(text) ? null : EventCursor.TryParse(text, out var cursor) ? cursor : default(EventCursor);

    private static StringValues FirstOf(params ReadOnlySpan<StringValues> places)
    {
        foreach (var place in places)
        {
            if (!StringValues.IsNullOrEmpty(place))
            {
                return place;
            }
        }

        return default;
    }
}
