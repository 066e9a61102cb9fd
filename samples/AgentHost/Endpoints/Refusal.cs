using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents;

namespace AgentHost.Endpoints;

/// <summary>Why a request is not served, and what its sender can do; answered as problem details (RFC 9457).</summary>
internal sealed record Refusal(int Status, string Detail) : IResult
{
    private const int RetryAfterSeconds = 5;

    public static Refusal NoSuchSession { get; } = new(StatusCodes.Status404NotFound, "There is no such session. Create one with POST /api/sessions.");

    public static Refusal NoSuchRun { get; } = new(StatusCodes.Status404NotFound, "No run of that id is at work in this session; it may have ended.");

    public static Refusal NoSuchDirectory { get; } = new(StatusCodes.Status400BadRequest, "There is no such directory. Name one below the host's root, or none for the root itself.");

    public static Refusal OutsideRoot { get; } = new(StatusCodes.Status403Forbidden, "The directory is outside the host's root. Name one below it, or start the host with another --root.");

    public static Refusal NoSuchInput { get; } = new(StatusCodes.Status404NotFound, "No question of that id was asked in this session. The id is in its 'input.requested' event.");

    public static Refusal AlreadyAnswered { get; } = new(StatusCodes.Status409Conflict, "The question was answered already, or is not asked any more. See its 'input.received' event.");

    public static Refusal NotJson { get; } = new(StatusCodes.Status415UnsupportedMediaType, "The body is not JSON. Send it with Content-Type: application/json.");

    public static Refusal HostIsStopping { get; } = new(StatusCodes.Status503ServiceUnavailable, "The host is stopping. Try again after the time in Retry-After.")
    {
        MustWait = true,
    };

    /// <summary>Whether it is told when to come back.</summary>
    private bool MustWait { get; init; }

    /// <summary>Why a run was not started, when that is what was refused.</summary>
    private AgentRunAdmission? Admission { get; init; }

    /// <summary>Tells when to come back, if that helps.</summary>
    public void SetHeaders(HttpResponse response)
    {
        if (MustWait)
        {
            response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    public static Refusal BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static Refusal TooLarge(long maximum) => new(
        StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The body is too large; send at most {maximum} bytes."));

    /// <summary>The body is not as HTTP has it, or did not come in time.</summary>
    public static Refusal NotReadable(BadHttpRequestException exception) => new(exception.StatusCode, $"The body cannot be read: {exception.Message}");

    public static Refusal TooManySessions(int maximum) => new(
        StatusCodes.Status503ServiceUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"The host has as many sessions as it takes, which is {maximum} at most. Delete one, or try again after the time in Retry-After."))
    {
        MustWait = true,
    };

    /// <summary>What a run that may not begin is answered with.</summary>
    public static Refusal Of(AgentRunAdmission admission) => (admission switch
    {
        AgentRunAdmission.TopicIsFull => new(
            StatusCodes.Status429TooManyRequests, "The session has as many runs at work as it may. Cancel one, or try again after the time in Retry-After.")
        {
            MustWait = true,
        },
        AgentRunAdmission.HostIsFull => new(
            StatusCodes.Status503ServiceUnavailable, "The host has as many runs at work as it takes. Try again after the time in Retry-After.")
        {
            MustWait = true,
        },
        AgentRunAdmission.Stopping => HostIsStopping,
        AgentRunAdmission.IdIsTaken => new(StatusCodes.Status409Conflict, "There is a run of this id already, or was a while ago. Send another id, or none."),
        _ => throw new ArgumentOutOfRangeException(nameof(admission), admission, "A run that was started is no refusal."),
    }) with
    { Admission = admission };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        SetHeaders(httpContext.Response);
        IEnumerable<KeyValuePair<string, object?>>? more = Admission is { } admission ? [new("admission", JsonNamingPolicy.CamelCase.ConvertName(admission.ToString()))] : null;
        return TypedResults.Problem(Detail, statusCode: Status, extensions: more).ExecuteAsync(httpContext);
    }
}
