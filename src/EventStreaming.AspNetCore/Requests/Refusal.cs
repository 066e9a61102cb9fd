using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore;

/// <summary>Why a request is not served, for the client (as problem details, RFC 9457, with what it can do) and for the log.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Why">In one or two words, for the log.</param>
/// <param name="Detail">For the client.</param>
internal sealed record Refusal(int Status, string Why, string Detail)
{
    public const string ContentType = "application/problem+json";

    /// <summary>How many declared types a refusal names at most.</summary>
    private const int MaxNamed = 64;

    public static Refusal NoSuchTopic { get; } = new(
        StatusCodes.Status404NotFound, "no such topic", "There is no such topic. Check its name, or wait until it has been created.");

    public static Refusal Forbidden { get; } = new(
        StatusCodes.Status403Forbidden, "forbidden", "You may not see this topic. Ask its owner for access, or sign in as someone who has it.");

    public static Refusal Expired { get; } = new(
        StatusCodes.Status403Forbidden, "access expired", "Your access has expired. Sign in again, then reconnect.");

    public static Refusal BadTicket { get; } = new(
        StatusCodes.Status401Unauthorized,
        "bad ticket",
        "The ticket is unknown, used, expired, or another topic's. Each ticket serves one connect: get a new one, then connect with it and your last event's id.");

    public static Refusal BusIsFull { get; } = Full("bus is full", "The server has as many streams as it can carry. Try again after the time in Retry-After.");

    public static Refusal Stopping { get; } = Full("host stops", "The server is stopping. Try again after the time in Retry-After.");

    public static Refusal TooManyTickets { get; } = Full("ticket limit", "There are too many unused tickets. Try again after the time in Retry-After.") with { Limit = "host" };

    public static Refusal TooManyTicketsOfYours { get; } = TooMany(
        "ticket limit", "principal", "You have too many unused tickets. Use one, or try again after the time in Retry-After.");

    public static Refusal SourceForbidden { get; } = new(
        StatusCodes.Status502BadGateway, "source forbids", "The server that has the topic does not show it to this one. Ask this server's operator for access.");

    public static Refusal SourceFailed { get; } = new(
        StatusCodes.Status502BadGateway, "source failed", "The server that has the topic cannot be reached. Try again later.");

    public static Refusal SourceAway { get; } = Full(
        "source away", "The server that has the topic cannot be reached now. Try again after the time in Retry-After.");

    public static Refusal SourceLoop { get; } = new(
        StatusCodes.Status508LoopDetected, "source loop", "The way to the topic leads in a circle of relays. Have one of them read from the server that has it.");

    public static Refusal UpgradeRequired { get; } = new(
        StatusCodes.Status426UpgradeRequired, "no WebSocket request", "This is a WebSocket: connect with a WebSocket client (RFC 6455).");

    public static Refusal NoWebSocket { get; } = Bad("no WebSocket request", "This is a WebSocket: connect with a WebSocket client (RFC 8441).");

    public static Refusal ForeignOrigin { get; } = new(
        StatusCodes.Status403Forbidden,
        "foreign origin",
        "Pages of this origin may not connect. Ask the host to list it in AllowedOrigins; behind a proxy, to have the request's own scheme and host forwarded.");

    public static Refusal AlreadySubscribed { get; } = new(
        StatusCodes.Status409Conflict, "already subscribed", "This socket has the topic already. Unsubscribe first to begin elsewhere or with other types.");

    public static Refusal Unsubscribed { get; } = new(
        StatusCodes.Status409Conflict, "unsubscribed", "The topic was unsubscribed from before it was there. Subscribe again to watch it.");

    public static Refusal NotSubscribed { get; } = new(StatusCodes.Status404NotFound, "not subscribed", "This socket does not have the topic.");

    public static Refusal TooManyTopics { get; } = new(
        StatusCodes.Status429TooManyRequests, "socket limit", "This socket has as many topics as it takes. Unsubscribe from one, or open another socket.")
    { Limit = "socket" };

    /// <summary>Whether it is told when to come back.</summary>
    public bool MustWait { get; init; }

    /// <summary>Members of the problem beside those of the RFC.</summary>
    public IReadOnlyList<(string Name, string[] Values)> Lists { get; init; } = [];

    /// <summary>The limit it ran into; null for none.</summary>
    public string? Limit { get; init; }

    public static Refusal BadMessage(string wrong) => Bad(
        "bad message",
        wrong + """ Send {"action":"subscribe","topic":…} with "types", "cursor", "from", "workers" and "format" if you like, {"action":"unsubscribe","topic":…} or {"action":"ping"}.""");

    public static Refusal TooManyTypes(int maximum) => Bad("too many types", string.Create(
        CultureInfo.InvariantCulture, $"There are too many types: name at most {maximum}, or none to get all."));

    public static Refusal InvalidType(int place) => Bad("invalid type", string.Create(
        CultureInfo.InvariantCulture,
        $"The type at place {place} is not an event type's name: use 1 to {EventTypeDescriptor.MaxNameLength} visible ASCII characters, separated by commas."));

    public static Refusal UnknownTypes(string[] unknown, EventCatalog catalog) =>
        Bad("unknown types", "None of these types is known. Name those that are, or none to get all.") with
        {
            Lists =
            [
                ("unknownTypes", unknown),
                ("knownTypes", [.. catalog.Types.Select(static type => type.Name).Order(StringComparer.Ordinal).Take(MaxNamed)]),
            ],
        };

    public static Refusal UnknownPlace(bool hasSnapshots) => Bad(
        "unknown place",
        $"There is no such place to begin from. Name 'start'{(hasSnapshots ? ", 'snapshot'" : string.Empty)} or 'end', or none to get what newcomers get.");

    public static Refusal UnknownWorkers { get; } = Bad("unknown workers", "There are no such workers to include. Name 'all', or none to get what a session's viewers get.");

    public static Refusal UnknownFormat(IEnumerable<string> formats) =>
        Bad("unknown format", "There is no such format. Name one of those there are, or none.") with { Lists = [("formats", [.. formats])] };

    public static Refusal NotInProtocol(string name, string protocol) => Bad(
        "not in protocol", $"There is no '{name}' in '{protocol}': it begins with how things stand, and then needs every event that follows. Leave '{name}' out, or choose another format.");

    public static Refusal LimitReached(ConnectionLimit limit) => limit switch
    {
        ConnectionLimit.Host => Full("host limit", "The server has as many connections as it takes. Try again after the time in Retry-After.") with { Limit = "host" },
        ConnectionLimit.Topic => TooMany("topic limit", "topic", "This topic has as many connections as it takes. Try again after the time in Retry-After."),
        _ => TooMany("principal limit", "principal", "You have as many connections as you may have. Close one, or try again after the time in Retry-After."),
    };

    /// <summary>Answers the request.</summary>
    public async Task WriteAsync(HttpContext context, TimeSpan retryAfter)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (MustWait)
        {
            response.Headers.RetryAfter = Math.Ceiling(Jitter.Upwards(retryAfter, factor: 2).TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = EventStreamTicketDefaults.AuthenticationScheme;
        }

        var problem = ToProblem();

        // The host's own way of writing problems comes first; it declines when the client accepts no JSON, as an EventSource does not.
        var service = context.RequestServices.GetService<IProblemDetailsService>();
        if (service is null || !await service.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem }).ConfigureAwait(false))
        {
            await response.WriteAsJsonAsync(problem, HttpJsonContext.Default.ProblemDetails, ContentType, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static Refusal Full(string why, string detail) => new(StatusCodes.Status503ServiceUnavailable, why, detail) { MustWait = true };

    private static Refusal TooMany(string why, string limit, string detail) => new(StatusCodes.Status429TooManyRequests, why, detail)
    {
        Limit = limit,
        MustWait = true,
    };

    private static Refusal Bad(string why, string detail) => new(StatusCodes.Status400BadRequest, why, detail);

    private ProblemDetails ToProblem()
    {
        var problem = new ProblemDetails { Status = Status, Title = ReasonPhrases.GetReasonPhrase(Status), Detail = Detail };
        if (Limit is not null)
        {
            problem.Extensions["limit"] = Limit;
        }

        foreach (var (name, values) in Lists)
        {
            // As JSON, which every serializer's options can write.
            problem.Extensions[name] = JsonSerializer.SerializeToElement(values, HttpJsonContext.Default.StringArray);
        }

        return problem;
    }
}
