namespace AgentHost.Jobs.Generation;

/// <summary>A stage of an iteration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Fraction">Where in the run it begins, from 0 to 1.</param>
internal sealed record Stage(string Name, double Fraction);
