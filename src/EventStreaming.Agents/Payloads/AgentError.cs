using System.Text.Json;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <summary>Something failed; the payload of <c>error</c>.</summary>
/// <param name="Code">What sort of failure, for programs, such as <c>directory_unreadable</c>.</param>
/// <param name="Message">What happened, for a person.</param>
/// <param name="Recoverable">Whether the run goes on. False: this ends it.</param>
/// <param name="Details">More for programs, or null.</param>
/// <param name="StepId">The step that failed, or null.</param>
public sealed record AgentError(string Code, string Message, bool Recoverable = false, JsonElement? Details = null, string? StepId = null)
{
    /// <summary>What an exception is told as, unless <see cref="AgentRunOptions.DescribeError"/> says otherwise.</summary>
    /// <remarks>
    /// An <see cref="AgentRunException"/> is told as it says. Of any other a viewer gets to know of what kind it is (<c>timeout</c>, <c>http_503</c>, <c>io_error</c>, <c>internal_error</c> …), in words of
    /// ours: its own message may hold paths, queries, addresses, parts of a prompt.
    /// </remarks>
    /// <param name="exception">What happened.</param>
    /// <param name="includeMessage">Whether its own message is told whatever it is, for viewers who may see all: in development, or behind a sign-in.</param>
    public static AgentError Describe(Exception exception, bool includeMessage = false)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception is AgentRunException told)
        {
            return new AgentError(told.Code, told.Message, Details: told.Details);
        }

        var error = ErrorDescription.General(exception);
        return includeMessage ? error with { Message = exception.Message } : error;
    }
}
