namespace AgentHost.Jobs.Generation;

/// <summary>A file of an iteration's result.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change"><c>added</c>, <c>modified</c>, <c>removed</c>; null: it is as it was.</param>
/// <param name="Text">Its text; null when it was removed, or there was no room for it.</param>
internal sealed record GeneratedFile(string Name, string? Change, string? Text);
