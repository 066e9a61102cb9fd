using Microsoft.AspNetCore.Http;

namespace EventStreaming.Client.Tests.Support;

/// <summary>What a client asked for, kept after the request is gone.</summary>
internal sealed record ReceivedRequest(string Path, IReadOnlyDictionary<string, string> Headers, Task Aborted)
{
    public string? LastEventId => Headers.GetValueOrDefault("Last-Event-ID");

    public static ReceivedRequest Of(HttpContext context)
    {
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        context.RequestAborted.Register(aborted.SetResult);
        return new ReceivedRequest(
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            aborted.Task);
    }
}
