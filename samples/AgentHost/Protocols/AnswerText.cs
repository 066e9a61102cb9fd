using System.Globalization;
using System.Text.Json;

namespace AgentHost.Protocols;

/// <summary>Makes of a text with which someone answers a question what the question asks for.</summary>
internal static class AnswerText
{
    private static readonly string[] s_yes = ["yes", "y", "true", "ok", "1"];

    public static JsonElement Read(string text, JsonElement? schema) => (schema ?? default).GetText("type") switch
    {
        "boolean" => JsonElement.Parse(s_yes.Contains(text.Trim(' ', '.', '!'), StringComparer.OrdinalIgnoreCase) ? "true"u8 : "false"u8),
        "number" or "integer" when double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonElement.Parse(number.ToString("R", CultureInfo.InvariantCulture)),
        _ => JsonSerializer.SerializeToElement(text, Endpoints.AgentHostJsonContext.Default.String),
    };
}
