using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace AgentHost.Endpoints;

/// <summary>Reads a request's JSON, bounded.</summary>
internal static class RequestBody
{
    /// <summary>The most bytes of a body: a quarter of what one event may count.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The most bytes of a body that has a whole conversation.</summary>
    public const int MaxBytesOfConversation = 4 * 1024 * 1024;

    /// <returns>The JSON, or why there is none.</returns>
    public static async Task<(JsonDocument? Json, Refusal? Refusal)> ReadAsync(HttpContext context, int maximum = MaxBytes)
    {
        // Also what keeps pages of other origins out: without it a browser would send their text unasked, with it it asks first and is refused.
        if (!context.Request.HasJsonContentType())
        {
            return (null, Refusal.NotJson);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maximum;
        }

        try
        {
            var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (HasOnlyText(json.RootElement))
            {
                return (json, null);
            }

            json.Dispose();
            return (null, Refusal.BadRequest("The body is not JSON: a string in it is no Unicode text."));
        }
        catch (BadHttpRequestException exception)
        {
            // Thrown on, what is wrong with the request would be answered as the host's own failure.
            return (null, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusal.TooLarge(maximum) : Refusal.NotReadable(exception));
        }
        catch (JsonException exception)
        {
            return (null, Refusal.BadRequest($"The body is not JSON: {exception.Message}"));
        }
    }

    /// <summary>Whether every string is one: a parser takes half a surrogate pair, and bytes that are not UTF-8, and whoever reads the string later fails.</summary>
    private static bool HasOnlyText(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(HasOnlyText),
                JsonValueKind.Object => json.EnumerateObject().All(static member => member.Name is not null && HasOnlyText(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Reads what the JSON is expected to be, or says what is wrong with it.</summary>
    public static bool TryRead<T>(
        JsonElement json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string place, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Refusal? refusal)
    {
        try
        {
            value = json.Deserialize(type);
            refusal = value is null ? Refusal.BadRequest($"{place} is null; send an object.") : null;
        }
        catch (JsonException exception)
        {
            value = default;
            refusal = Refusal.BadRequest($"{place} is not as it should be, at {exception.Path}: use the members and types that are documented.");
        }

        return refusal is null;
    }
}
