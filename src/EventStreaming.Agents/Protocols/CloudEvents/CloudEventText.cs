using System.Globalization;
using System.Text;

namespace EventStreaming.Agents.Protocols.CloudEvents;

/// <summary>Our free text as the types that CloudEvents 1.0 has for attributes (section 3.1, "Type System").</summary>
internal static class CloudEventText
{
    private const char Replacement = '\uFFFD';

    /// <summary>A String: control characters, lone surrogates and noncharacters are not allowed in one.</summary>
    public static string ToAttribute(string text)
    {
        var isAllowed = true;
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as the replacement character, which is rare enough to be copied for nothing.
            isAllowed &= rune.Value != Replacement && IsAllowed(rune);
        }

        if (isAllowed)
        {
            return text;
        }

        var copy = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            copy.Append(IsAllowed(rune) ? rune.ToString() : Replacement.ToString());
        }

        return copy.ToString();
    }

    /// <summary>A URI-reference (RFC 3986): the text itself if it is one, else percent-encoded.</summary>
    public static string ToUriReference(string text)
    {
        if (IsUriReference(text))
        {
            return text;
        }

        // Lone surrogates are replaced first, as there is no percent-encoding of them.
        return Uri.EscapeDataString(ToAttribute(text));
    }

    private static bool IsUriReference(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            var isHex = character == '%' && index + 2 < text.Length && char.IsAsciiHexDigit(text[index + 1]) && char.IsAsciiHexDigit(text[index + 2]);
            if (!isHex && !char.IsAsciiLetterOrDigit(character) && !"-._~:/?#@!$&'()*+,;=".Contains(character, StringComparison.Ordinal))
            {
                return false;
            }
        }

        // One fragment at most; a colon in the first segment only behind a scheme; an authority may have a port, which is a number.
        var end = text.IndexOfAny(['/', '?', '#']);
        var first = end < 0 ? text : text[..end];
        var colon = first.IndexOf(':', StringComparison.Ordinal);
        return text.Count(static character => character == '#') <= 1
            && (colon < 0 || IsScheme(first[..colon]))
            && HasGoodAuthority(colon < 0 ? text : text[(colon + 1)..]);
    }

    private static bool IsScheme(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '.');

    private static bool HasGoodAuthority(string text)
    {
        if (!text.StartsWith("//", StringComparison.Ordinal))
        {
            return true;
        }

        var end = text.IndexOfAny(['/', '?', '#'], 2);
        var authority = end < 0 ? text[2..] : text[2..end];
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var port = host.IndexOf(':', StringComparison.Ordinal);
        return authority.Count(static character => character == '@') <= 1 && (port < 0 || host[(port + 1)..].All(char.IsAsciiDigit));
    }

    private static bool IsAllowed(Rune rune) =>
        Rune.GetUnicodeCategory(rune) != UnicodeCategory.Control
        && (rune.Value & 0xFFFE) != 0xFFFE
        && rune.Value is not (>= 0xFDD0 and <= 0xFDEF);
}
