using Indexing.Files;

namespace AgentHost.Jobs.Assistant;

/// <summary>What a step was given of what the files say.</summary>
/// <param name="Documents">The files, the most relevant first.</param>
/// <param name="Context">What of them is given to the model.</param>
internal sealed record Knowledge(IReadOnlyList<FileMatch> Documents, string Context)
{
    public static readonly Knowledge None = new([], string.Empty);
}
