namespace EventStreaming.Agents.Runs;

/// <summary>What an exception is told as.</summary>
internal static class ErrorDescription
{
    public static AgentError Of(Exception exception) => new(CodeOf(exception), exception.Message);

    private static string CodeOf(Exception exception) => exception switch
    {
        OperationCanceledException => "operation_cancelled",
        TimeoutException => "timeout",
        CapacityException => "capacity",
        HttpRequestException { StatusCode: { } status } => $"http_{(int)status}",
        HttpRequestException => "http_error",
        IOException => "io_error",
        UnauthorizedAccessException => "access_denied",
        AgentInputWithdrawnException => "input_withdrawn",
        _ => "internal_error",
    };
}
