namespace AgentHost.Jobs.Assistant;

/// <summary>A model's answer.</summary>
/// <param name="Text">It.</param>
/// <param name="TokensIn">The tokens that the model read; 0 when it was not asked.</param>
/// <param name="TokensOut">The tokens that it wrote; 0 when it was not asked.</param>
/// <param name="IsCached">Whether it was answered before.</param>
internal sealed record ModelAnswer(string Text, int TokensIn, int TokensOut, bool IsCached);
