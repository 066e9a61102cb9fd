using AgentHost.Endpoints;

namespace AgentHost.Protocols.A2A;

/// <summary>What went wrong, as A2A 1.0 tells it (5.4).</summary>
/// <param name="Code">Its code in JSON-RPC.</param>
/// <param name="HttpStatus">Its status in HTTP+JSON.</param>
/// <param name="Status">The name of that in google.rpc.</param>
/// <param name="Reason">What it is, for a program.</param>
/// <param name="Message">What it is, for a person.</param>
internal sealed record A2AError(int Code, int HttpStatus, string Status, string Reason, string Message)
{
    private const string Precondition = "FAILED_PRECONDITION";

    public static A2AError NoSuchTask { get; } = new(-32001, StatusCodes.Status404NotFound, "NOT_FOUND", "TASK_NOT_FOUND", "There is no such task, or it ended long ago.");

    public static A2AError NotCancelable { get; } = new(-32002, StatusCodes.Status400BadRequest, Precondition, "TASK_NOT_CANCELABLE", "The task has ended.");

    public static A2AError NoPush { get; } = new(
        -32003, StatusCodes.Status400BadRequest, Precondition, "PUSH_NOTIFICATION_NOT_SUPPORTED", "This agent does not call back. Subscribe to the task.");

    public static A2AError WrongVersion { get; } = new(
        -32009, StatusCodes.Status400BadRequest, Precondition, "VERSION_NOT_SUPPORTED", "This agent speaks A2A 1.0. Send the header 'A2A-Version: 1.0'; without it a request is one of 0.3.");

    public static A2AError NotJson { get; } = new(-32700, StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", "PARSE_ERROR", "The body is not JSON.");

    public static A2AError NoRequest { get; } = new(-32600, StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", "INVALID_REQUEST", "The body is no JSON-RPC 2.0 request with an id.");

    /// <summary>Whether it is the server's affair, and not to be found in A2A.</summary>
    public bool MustWait => HttpStatus is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    public static A2AError Unsupported(string message) => new(-32004, StatusCodes.Status400BadRequest, Precondition, "UNSUPPORTED_OPERATION", message);

    public static A2AError Invalid(string message) => new(-32602, StatusCodes.Status400BadRequest, "INVALID_ARGUMENT", "INVALID_PARAMS", message);

    public static A2AError NoMethod(string? method) => new(-32601, StatusCodes.Status404NotFound, "NOT_FOUND", "METHOD_NOT_FOUND", $"There is no method '{method}' in A2A 1.0.");

    /// <summary>The same as the host's other routes say it.</summary>
    public static A2AError Of(Refusal refusal) => refusal.Status switch
    {
        StatusCodes.Status415UnsupportedMediaType => new A2AError(-32005, refusal.Status, "INVALID_ARGUMENT", "CONTENT_TYPE_NOT_SUPPORTED", refusal.Detail),
        StatusCodes.Status413PayloadTooLarge => new A2AError(-32600, refusal.Status, "INVALID_ARGUMENT", "INVALID_REQUEST", refusal.Detail),
        StatusCodes.Status403Forbidden => new A2AError(-32602, refusal.Status, "PERMISSION_DENIED", "INVALID_PARAMS", refusal.Detail),
        StatusCodes.Status409Conflict => new A2AError(-32602, refusal.Status, "ALREADY_EXISTS", "INVALID_PARAMS", refusal.Detail),
        StatusCodes.Status429TooManyRequests => new A2AError(-32603, refusal.Status, "RESOURCE_EXHAUSTED", "INTERNAL_ERROR", refusal.Detail),
        StatusCodes.Status503ServiceUnavailable => new A2AError(-32603, refusal.Status, "UNAVAILABLE", "INTERNAL_ERROR", refusal.Detail),
        _ => Invalid(refusal.Detail),
    };
}
