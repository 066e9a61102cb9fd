using System.Text.Json;
using AgentHost.Endpoints;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Models;

/// <summary>Texts that people give: in a request, or when they are asked.</summary>
internal static class Question
{
    /// <summary>The most characters of one.</summary>
    public const int MaxLength = 2_000;

    private static readonly JsonElement s_schema = JsonElement.Parse("""{"type":"string","minLength":1,"maxLength":2000}""");

    /// <returns>Why a text is not taken; null when it is.</returns>
    public static Refusal? Check(string? text, string member) => text is not { Length: > MaxLength }
        ? null
        : Refusal.BadRequest(FormattableString.Invariant($"'{member}' has {text.Length} characters; send at most {MaxLength}."));

    /// <summary>Asks until the answer is a text.</summary>
    public static async Task<string> AskAsync(AgentRun run, string prompt, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await run.RequestInputAsync(prompt, s_schema, cancellationToken: cancellationToken);
            if (answer.ValueKind == JsonValueKind.String && answer.GetString()!.Trim() is { Length: > 0 and <= MaxLength } text)
            {
                return text;
            }

            run.Status("That is no text to go on with; asking again.");
        }
    }
}
