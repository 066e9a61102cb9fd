using System.Text;

namespace EventStreaming.Agents;

/// <summary>Puts an id into words.</summary>
internal static class ToolNameWords
{
    public static string Of(string id)
    {
        var words = new StringBuilder(id.Length + 4);
        var before = '\0';
        for (var i = 0; i < id.Length; i++)
        {
            var c = id[i];
            if (IsSeparator(c))
            {
                before = '\0';
                continue;
            }

            if (words.Length > 0 && (before == '\0' || IsStart(before, c, i + 1 < id.Length ? id[i + 1] : '\0')))
            {
                words.Append(' ');
            }

            words.Append(words.Length == 0 ? char.ToUpperInvariant(c) : c);
            before = c;
        }

        return words.Length > 0 ? words.ToString() : id;
    }

    private static bool IsSeparator(char c) => c is '_' or '-' or '.' or ':' or '/' || char.IsWhiteSpace(c) || char.IsControl(c);

    // The last capital of several begins the next word: "getHTTPResponse" is "get", "HTTP", "Response".
    private static bool IsStart(char before, char c, char after) =>
        char.IsUpper(c) && (char.IsLower(before) || char.IsDigit(before) || (char.IsUpper(before) && char.IsLower(after)));
}
