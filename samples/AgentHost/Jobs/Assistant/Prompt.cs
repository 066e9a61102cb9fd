namespace AgentHost.Jobs.Assistant;

/// <summary>A prompt of a chain.</summary>
/// <param name="Name">Its name: what <c>{{name}}</c> in a later prompt stands for is its answer.</param>
/// <param name="Text">What the model is asked.</param>
/// <param name="Knowledge">Whether it is given what the files say.</param>
/// <param name="Tools">The tools it has: <c>count</c>, <c>read_file</c>; null for none.</param>
/// <param name="File">The file that <c>read_file</c> reads; null: the best that was found.</param>
internal sealed record Prompt(string? Name = null, string? Text = null, bool Knowledge = false, IReadOnlyList<string>? Tools = null, string? File = null);
