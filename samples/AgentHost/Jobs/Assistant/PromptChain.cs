using System.Text.RegularExpressions;
using AgentHost.Endpoints;
using AgentHost.Jobs.Models;

namespace AgentHost.Jobs.Assistant;

/// <summary>Chains of prompts: the one that there is, and whether another can be used.</summary>
internal static partial class PromptChain
{
    /// <summary>What stands for the question.</summary>
    public const string Question = "question";

    public const string Count = "count";
    public const string ReadFile = "read_file";
    private const int MaxPrompts = 10;

    /// <summary>The chain when the request has none.</summary>
    public static IReadOnlyList<Prompt> Default { get; } =
    [
        new("find", "What do the files say of {{question}}?", Knowledge: true),
        new("look", "Look closer at the best of these.\n{{find}}", Knowledge: true, Tools: [Count, ReadFile]),
        new("conclude", "Answer {{question}} in short.\n{{find}}\n{{look}}"),
    ];

    /// <summary>Finds what prompts have variables for.</summary>
    public static IEnumerable<string> VariablesOf(string text) => Variable().Matches(text).Select(static match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);

    /// <summary>Puts values in the place of variables.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Variable().Replace(text, match => values[match.Groups["name"].Value]);

    /// <returns>What is wrong with a chain, and what to do about it; null when it can be used.</returns>
    public static Refusal? Check(IReadOnlyList<Prompt> prompts)
    {
        if (prompts.Count is 0 or > MaxPrompts)
        {
            return Refusal.BadRequest(FormattableString.Invariant($"There are {prompts.Count} prompts; send 1 to {MaxPrompts}, or none for the chain that there is."));
        }

        var known = new HashSet<string>([Question], StringComparer.Ordinal);
        for (var i = 0; i < prompts.Count; i++)
        {
            if (Check(prompts[i], FormattableString.Invariant($"Prompt {i + 1}"), known) is { } refusal)
            {
                return refusal;
            }

            known.Add(prompts[i].Name!);
        }

        return null;
    }

    private static Refusal? Check(Prompt? prompt, string place, HashSet<string> known)
    {
        if (prompt?.Name is not { } name || !Name().IsMatch(name) || known.Contains(name))
        {
            return Refusal.BadRequest($"{place} has the name '{prompt?.Name}'. Use 1 to 32 small letters, digits, '-' and '_', and no name twice; '{Question}' is taken.");
        }

        if (string.IsNullOrWhiteSpace(prompt.Text))
        {
            return Refusal.BadRequest($"{place} ('{name}') has no 'text'; send what the model is asked.");
        }

        if (VariablesOf(prompt.Text).FirstOrDefault(variable => !known.Contains(variable)) is { } unknown)
        {
            return Refusal.BadRequest($"{place} ('{name}') has the variable '{unknown}', which nothing before it gives. Use {string.Join(", ", known.Select(static given => $"'{given}'"))}.");
        }

        return prompt.Tools?.All(static tool => tool is Count or ReadFile) ?? true
            ? Models.Question.Check(prompt.Text, $"{place}.text")
            : Refusal.BadRequest($"{place} ('{name}') has the tool '{prompt.Tools.First(static tool => tool is not (Count or ReadFile))}', which there is not. Use '{Count}' or '{ReadFile}'.");
    }

    [GeneratedRegex(@"\{\{(?<name>[a-z0-9_-]{1,32})\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2_000)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^[a-z0-9_-]{1,32}\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2_000)]
    private static partial Regex Name();
}
