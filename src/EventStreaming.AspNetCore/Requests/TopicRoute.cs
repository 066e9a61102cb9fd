using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace EventStreaming.AspNetCore;

/// <summary>The topic in a route.</summary>
internal static class TopicRoute
{
    private const string Parameter = "topic";

    public static string? Read(HttpContext context) => context.GetRouteValue(Parameter) as string;

    /// <summary>Sees to it that a pattern has the parameter: without it no request could ever be served.</summary>
    public static void Require(IEndpointRouteBuilder endpoints, string pattern, IEndpointConventionBuilder builder)
    {
        if (endpoints is RouteGroupBuilder)
        {
            // The group's prefix, which may have it, is known only when the endpoint is built.
            builder.Finally(static endpoint =>
            {
                if (endpoint is RouteEndpointBuilder route)
                {
                    Require(route.RoutePattern);
                }
            });
        }
        else
        {
            Require(RoutePatternFactory.Parse(pattern));
        }
    }

    private static void Require(RoutePattern pattern)
    {
        if (pattern.GetParameter(Parameter) is null)
        {
            throw new ArgumentException(
                $"The pattern '{pattern.RawText}' has no parameter '{{{Parameter}}}': add it, or set the option Topic to say where a request has its topic.", nameof(pattern));
        }
    }
}
