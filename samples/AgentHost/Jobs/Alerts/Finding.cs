namespace AgentHost.Jobs.Alerts;

/// <summary>What an agent finds.</summary>
/// <param name="Verdict"><c>escalate</c>, <c>review</c> or <c>close</c>.</param>
/// <param name="Score">How sure it is, from 0 to 1.</param>
/// <param name="Summary">What it found, for a person.</param>
/// <param name="Evidence">On what, the strongest first.</param>
internal sealed record Finding(string Verdict, double Score, string Summary, IReadOnlyList<string> Evidence)
{
    /// <summary>The most pieces of evidence: an event may not grow with the trades.</summary>
    public const int MaxEvidence = 20;

    public static string VerdictOf(double score) => score >= 0.5 ? "escalate" : score > 0 ? "review" : "close";
}
