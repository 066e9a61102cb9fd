using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>An alert cannot be analysed.</summary>
/// <param name="code">What sort of failure, for programs.</param>
/// <param name="message">What happened, and what to do about it.</param>
internal sealed class AlertException(string code, string message) : Exception(message)
{
    public string Code => code;

    /// <summary>How a run that fails says so.</summary>
    public static AgentError Describe(Exception exception) => new((exception as AlertException)?.Code ?? "analysis_failed", exception.Message);
}
