using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EventStreaming.AspNetCore;

/// <summary>What a request's query says. Most say nothing, and then no collection is made that lives as long as the connection.</summary>
internal static class RequestQuery
{
    public static StringValues Get(HttpRequest request, string name) => request.QueryString.HasValue ? request.Query[name] : default;
}
