namespace EventStreaming.Agents.Runs;

/// <summary>What an exception is told as.</summary>
internal static class ErrorDescription
{
    /// <param name="exception">It.</param>
    /// <param name="describe">How the host tells of it, or null.</param>
    public static AgentError Of(Exception exception, Func<Exception, AgentError>? describe)
    {
        try
        {
            return describe?.Invoke(exception) ?? new AgentError(CodeOf(exception), exception.Message);
        }
        catch (Exception thrown)
        {
            // The run ends nevertheless, and what happened to it is not hidden by this. Its message is the host's to tell, not ours.
            return new AgentError(CodeOf(exception), $"What happened cannot be told: DescribeError threw {thrown.GetType().Name}.");
        }
    }

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
