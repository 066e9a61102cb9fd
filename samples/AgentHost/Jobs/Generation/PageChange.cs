namespace AgentHost.Jobs.Generation;

/// <summary>What a model wants to be changed.</summary>
/// <param name="Name">The page.</param>
/// <param name="Text">Its text; null: it goes.</param>
internal sealed record PageChange(string Name, string? Text);
