using System.Net;
using System.Text.Json;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>What is answered instead of a stream.</summary>
internal static class Answers
{
    /// <summary>Reads a refusal, which must be a problem.</summary>
    public static async Task<JsonElement> ReadProblemAsync(this SseStream stream)
    {
        if (stream.Response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            throw new InvalidDataException($"{stream.Status} is not a problem: {stream.Response.Content.Headers.ContentType}");
        }

        var problem = JsonDocument.Parse(await stream.ReadTextAsync()).RootElement;
        return problem.GetProperty("status").GetInt32() == (int)stream.Status ? problem : throw new InvalidDataException($"The problem says another status than {stream.Status}: {problem}");
    }

    public static string Detail(this JsonElement problem) => problem.GetProperty("detail").GetString()!;

    public static string[] Strings(this JsonElement problem, string name) => [.. problem.GetProperty(name).EnumerateArray().Select(static item => item.GetString()!)];

    /// <summary>Asks, and expects a refusal.</summary>
    public static async Task<JsonElement> RefusedAsync(this StreamHost host, string path, HttpStatusCode status, Action<HttpRequestMessage>? configure = null)
    {
        using var stream = await host.OpenAsync(path, configure: configure);
        if (stream.Status != status)
        {
            throw new InvalidDataException($"Expected {status}, but it was {stream.Status}.");
        }

        return await stream.ReadProblemAsync();
    }
}
