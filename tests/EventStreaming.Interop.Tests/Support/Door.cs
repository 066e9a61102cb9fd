using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>
/// Stands before a host's streams and sockets: notes who comes in, and when it is closed cuts everyone off and lets nobody in until it opens, so
/// that a test can publish what a client shall have missed.
/// </summary>
internal sealed class Door(bool isOpen = true)
{
    private readonly Lock _gate = new();
    private readonly List<Visit> _visits = [];
    private readonly HashSet<HttpContext> _inside = [];
    private TaskCompletionSource _opened = isOpen ? Opened() : Signals.Create();

    public IReadOnlyList<Visit> Visits
    {
        get
        {
            lock (_gate)
            {
                return [.. _visits];
            }
        }
    }

    public void StandBefore(IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal) && !context.Request.Path.Equals(Site.SocketPath, StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        Task opened;
        lock (_gate)
        {
            _visits.Add(new Visit(context.Request.Method, context.Request.Headers["Last-Event-ID"].ToString(), context.Request.Headers.Origin.ToString()));
            _inside.Add(context);
            opened = _opened.Task;
        }

        try
        {
            await opened.WaitAsync(context.RequestAborted);
            await next(context);
        }
        finally
        {
            lock (_gate)
            {
                _inside.Remove(context);
            }
        }
    });

    public void Close()
    {
        lock (_gate)
        {
            _opened = Signals.Create();
            foreach (var context in _inside)
            {
                context.Abort();
            }
        }
    }

    public void Open()
    {
        lock (_gate)
        {
            _opened.TrySetResult();
        }
    }

    private static TaskCompletionSource Opened()
    {
        var opened = Signals.Create();
        opened.SetResult();
        return opened;
    }

    internal sealed record Visit(string Method, string LastEventId, string Origin);
}
