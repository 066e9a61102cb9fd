using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace EventStreaming.AspNetCore;

/// <summary>What OpenAPI documents say of an endpoint.</summary>
internal static class EventStreamDescription
{
    public static void AddStream(IEndpointConventionBuilder builder)
    {
        Describe(builder, ((Delegate)Stream).Method);
        builder.WithMetadata(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [SseResponse.ContentType]),
            new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)));
        AddProblems(
            builder,
            StatusCodes.Status400BadRequest,
            StatusCodes.Status401Unauthorized,
            StatusCodes.Status403Forbidden,
            StatusCodes.Status404NotFound,
            StatusCodes.Status429TooManyRequests,
            StatusCodes.Status503ServiceUnavailable);
    }

    public static void AddTickets(IEndpointConventionBuilder builder)
    {
        Describe(builder, ((Delegate)Tickets).Method);
        builder.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(EventStreamTicket), ["application/json"]));
        AddProblems(
            builder,
            StatusCodes.Status401Unauthorized,
            StatusCodes.Status403Forbidden,
            StatusCodes.Status404NotFound,
            StatusCodes.Status429TooManyRequests,
            StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>An endpoint without a method is not described at all; its parameters are described as if they were bound to the method's.</summary>
    private static void Describe(IEndpointConventionBuilder builder, MethodInfo method)
    {
        builder.WithMetadata(method);
        foreach (var parameter in method.GetParameters())
        {
            builder.WithMetadata(new DescribedParameter(parameter));
        }
    }

    private static void AddProblems(IEndpointConventionBuilder builder, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [Refusal.ContentType]));
        }
    }

    /// <summary>Never called: its parameters describe what <see cref="EventStreamEndpoint"/> reads from a request.</summary>
    private static void Stream(
        [FromQuery(Name = "types")] string? types,
        [FromQuery(Name = "last_event_id")] string? cursor,
        [FromQuery(Name = "format")] string? format,
        [FromQuery(Name = EventStreamTicketDefaults.QueryParameter)] string? ticket,
        [FromHeader(Name = RequestedCursor.Header)] string? lastEventId) =>
        _ = (types, cursor, format, ticket, lastEventId);

    /// <summary>Never called, as above.</summary>
    private static void Tickets()
    {
    }

    private sealed class DescribedParameter(ParameterInfo parameter) : IParameterBindingMetadata
    {
        public string Name => parameter.Name!; // Those above have names.

        public bool HasTryParse => false;

        public bool HasBindAsync => false;

        public ParameterInfo ParameterInfo => parameter;

        public bool IsOptional => true;
    }
}
