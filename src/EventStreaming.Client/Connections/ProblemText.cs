using System.Text;
using System.Text.Json;

namespace EventStreaming.Client;

/// <summary>What a refusal says: of a problem document (RFC 9457) the title and detail, of a plain text all. A page made for browsers says nothing here.</summary>
internal static class ProblemText
{
    public const int MaxLength = 1_024;

    private const int MaxBytes = 16 << 10;

    private static readonly string[] s_members = ["title", "detail"];

    public static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var mediaType = response.Content.Headers.ContentType?.MediaType ?? string.Empty;
        var isJson = mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !mediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            var body = await ReadBytesAsync(response, cancellationToken).ConfigureAwait(false);
            var text = isJson ? TextOfProblem(body) : Encoding.UTF8.GetString(body.Span);
            return Bounded(text);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or JsonException)
        {
            // The status has been understood; that its explanation could not be read must not hide it.
            return null;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBytesAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes];
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return buffer.AsMemory(0, length);
        }
    }

    private static string TextOfProblem(ReadOnlyMemory<byte> body)
    {
        using var problem = JsonDocument.Parse(body);
        return problem.RootElement.ValueKind != JsonValueKind.Object
            ? string.Empty
            : string.Join(": ", s_members.Select(name => TextOf(problem.RootElement, name)).Where(static text => text.Length > 0));
    }

    private static string TextOf(JsonElement problem, string name) =>
        problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty; // It is a string.

    public static string? Bounded(string text)
    {
        var kept = text.Length > MaxLength ? text[..(MaxLength - 1)] + "…" : text;
        kept = string.Concat(kept.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
        return kept.Length == 0 ? null : kept;
    }
}
