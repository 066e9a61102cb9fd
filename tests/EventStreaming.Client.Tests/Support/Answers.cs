using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.Client.Tests.Support;

/// <summary>What a server may answer.</summary>
internal static class Answers
{
    /// <summary>A stream that has these frames and ends in order.</summary>
    public static Func<HttpContext, Task> Stream(params string[] frames) => context => WriteAsync(context, frames);

    /// <summary>A stream that has these frames and then nothing, for as long as the client stays.</summary>
    public static Func<HttpContext, Task> Open(params string[] frames) => async context =>
    {
        var gone = Signals.Create();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await WriteAsync(context, frames);
        await gone.Task;
    };

    /// <summary>A stream that has these frames, the last of them most likely not whole, and is cut.</summary>
    public static Func<HttpContext, Task> Cut(params string[] frames) => async context =>
    {
        await WriteAsync(context, frames);
        context.Abort();
    };

    public static Func<HttpContext, Task> Status(int status, string? contentType = null, string body = "", params (string Name, string Value)[] headers) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return body.Length == 0 ? Task.CompletedTask : context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Redirect(Uri target, int status = 307) => Status(status, headers: ("Location", target.OriginalString));

    /// <summary>No answer at all.</summary>
    public static async Task Silence(HttpContext context)
    {
        var gone = Signals.Create();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public static void Begin(HttpContext context) => context.Response.ContentType = "text/event-stream";

    private static async Task WriteAsync(HttpContext context, string[] frames)
    {
        Begin(context);
        await context.Response.StartAsync();
        foreach (var frame in frames)
        {
            await context.Response.WriteAsync(frame);
        }

        await context.Response.Body.FlushAsync();
    }
}
