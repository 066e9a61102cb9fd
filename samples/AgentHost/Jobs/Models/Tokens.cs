namespace AgentHost.Jobs.Models;

/// <summary>Counts tokens as the models here do: a word or a number is one, and so is each sign.</summary>
internal static class Tokens
{
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = 0;
        var inWord = false;
        foreach (var letter in text)
        {
            var isWord = char.IsLetterOrDigit(letter);
            if (isWord ? !inWord : !char.IsWhiteSpace(letter))
            {
                count++;
            }

            inWord = isWord;
        }

        return count;
    }
}
