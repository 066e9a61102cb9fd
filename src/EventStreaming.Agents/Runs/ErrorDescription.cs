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
            return describe?.Invoke(exception) ?? AgentError.Describe(exception);
        }
        catch (Exception thrown)
        {
            // The run ends nevertheless, and what happened to it is not hidden by this. Its message is the host's to tell, not ours.
            return AgentError.Describe(exception) with { Message = $"What happened cannot be told: DescribeError threw {thrown.GetType().Name}." };
        }
    }

    /// <summary>What is told of an exception that was not written for viewers: of what kind it is, by words of ours.</summary>
    public static AgentError General(Exception exception) => exception switch
    {
        OperationCanceledException => new("operation_cancelled", "Something that the work waits for was cancelled."),
        TimeoutException => new("timeout", "It took longer than it may."),
        CapacityException => new("capacity", "A service has no capacity left for now."),
        HttpRequestException { StatusCode: { } status } => new($"http_{(int)status}", $"A service answered {(int)status}."),
        HttpRequestException => new("http_error", "A service could not be asked."),
        IOException => new("io_error", "A file or a connection failed."),
        UnauthorizedAccessException => new("access_denied", "Access was denied."),
        AgentInputWithdrawnException => new("input_withdrawn", "A question got no answer."),
        _ => new("internal_error", "The work failed. The host's log knows why."),
    };
}
