using System.Text;
using AgentHost.Jobs.Models;

namespace AgentHost.Jobs.Assistant;

/// <summary>The model of the chain: it answers with what it was given, in short, by rules. What it has answered before is not asked again.</summary>
internal sealed class AssistantModel(AnswerCache cache, CapacityGate gate)
{
    public const string Id = "extract-1";

    private const int MaxLines = 12;
    private const int MaxLength = 1_500;

    /// <summary>Answers.</summary>
    /// <param name="prompt">What is asked, with all variables filled in.</param>
    /// <param name="context">What the files say, or nothing.</param>
    /// <param name="results">What tools have said.</param>
    public ModelAnswer Answer(string prompt, string context, IReadOnlyList<string> results)
    {
        var key = AnswerCache.KeyOf([Id, prompt, context, .. results]);
        if (cache.Find(key) is { } known)
        {
            return new ModelAnswer(known, 0, 0, IsCached: true);
        }

        gate.Enter();
        var answer = Extract(prompt, context, results);
        cache.Add(key, answer);
        return new ModelAnswer(answer, Tokens.Count(prompt) + Tokens.Count(context) + results.Sum(static result => Tokens.Count(result)), Tokens.Count(answer), IsCached: false);
    }

    /// <summary>What tools found comes first, then what the files say; without both, what earlier answers said, behind the first line, which is the question.</summary>
    private static string Extract(string prompt, string context, IReadOnlyList<string> results)
    {
        var given = results.Append(context).Where(static part => part.Length > 0).ToArray();
        var lines = (given.Length > 0 ? string.Join('\n', given) : string.Join('\n', prompt.Split('\n').Skip(1)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.TrimEnd())
            .Distinct(StringComparer.Ordinal)
            .Take(MaxLines)
            .ToArray();
        if (lines.Length == 0)
        {
            return "Nothing is known of that.";
        }

        var text = new StringBuilder().AppendJoin('\n', lines).ToString();
        return text[..Math.Min(text.Length, MaxLength)];
    }
}
