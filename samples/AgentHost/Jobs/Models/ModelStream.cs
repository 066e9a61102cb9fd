using System.Runtime.CompilerServices;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Models;

/// <summary>What a model says, in the pieces in which models say it: neither words nor marks end where a piece does.</summary>
internal static class ModelStream
{
    private const int PieceLength = 24;

    /// <summary>Tells an answer as a message, piece by piece. What stands in it is not looked at: it may have come from anywhere.</summary>
    public static async Task TellAsync(AgentRun run, string answer, string? parentId = null, CancellationToken cancellationToken = default)
    {
        using var message = run.StartMessage(options: new AgentMessageOptions { ParentId = parentId });
        await foreach (var piece in PiecesAsync(answer, cancellationToken))
        {
            message.Append(piece);
        }

        message.Complete();
    }

    public static async IAsyncEnumerable<string> PiecesAsync(string text, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var at = 0; at < text.Length; at += PieceLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return text.Substring(at, Math.Min(PieceLength, text.Length - at));

            // Whoever else has work gets a turn between two pieces.
            await Task.Yield();
        }
    }
}
