namespace EventStreaming.Agents;

/// <summary>What a worker found; the payload of <c>subagent.report</c>.</summary>
/// <param name="Worker">The worker: its source without the prefix.</param>
/// <param name="Report">What it has to say, for a person.</param>
public sealed record SubagentReport(string Worker, string Report);
