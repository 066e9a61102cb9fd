using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.Client.Tests.Support;

/// <summary>A host whose streams a relay reads, be it a relay itself; it can be away, and notes what is asked of it.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly HashSet<IHttpRequestLifetimeFeature> _open = [];
    private readonly List<(int Count, TaskCompletionSource Signal)> _waiting = [];
    private Func<HttpContext, Task>? _answer;

    private Upstream()
    {
    }

    public StreamHost Host { get; private set; } = null!; // Set by the only way to make one.

    public EventBus Bus => Host.Bus;

    public string Template => Host.Address + "api/sessions/{topic}/events";

    public EventRelay Relay => Host.Services.GetRequiredService<EventRelay>();

    /// <summary>What was asked for, refused or not.</summary>
    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<Upstream> StartAsync(
        Action<EventStreamingBuilder>? services = null, int port = 0, Func<HttpContext, Task>? answer = null, Action<EventStreamEndpointOptions>? stream = null)
    {
        var upstream = new Upstream { _answer = answer };
        upstream.Host = await StreamHost.StartAsync(
            app =>
            {
                app.Use(upstream.PassAsync);
                app.MapEventStream(StreamHost.Pattern, options =>
                {
                    options.RetryInterval = TimeSpan.FromMilliseconds(1);
                    stream?.Invoke(options);
                });
            },
            services,
            port: port);
        return upstream;
    }

    /// <summary>A host that has its topics from another.</summary>
    public static Task<Upstream> StartRelayAsync(string template, Action<EventRelayOptions>? configure = null, int port = 0) =>
        StartAsync(bus => Add(bus, template, configure), port);

    public static void Add(EventStreamingBuilder bus, string? template, Action<EventRelayOptions>? configure = null) => bus.AddEventRelay(
        options =>
        {
            options.Upstream = template;
            configure?.Invoke(options);
        },
        Relays.AtOnce);

    public Uri UriOf(string topic, string query = "") => new(Host.Address, StreamHost.PathOf(topic, query));

    /// <summary>Cuts every connection, and answers so from now on: null, as it should.</summary>
    public void Answer(Func<HttpContext, Task>? answer)
    {
        IHttpRequestLifetimeFeature[] open;
        lock (_gate)
        {
            _answer = answer;
            open = [.. _open];
        }

        foreach (var request in open)
        {
            request.Abort();
        }
    }

    public Task UntilRequestedAsync(int count)
    {
        var signal = Signals.Create();
        lock (_gate)
        {
            _waiting.Add((count, signal));
            Tell();
        }

        return signal.Task.WithinSafetyAsync();
    }

    public void GoAway() => Answer(Answers.Status(StatusCodes.Status503ServiceUnavailable));

    public void ComeBack() => Answer(null);

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        Func<HttpContext, Task>? answer;

        // The context itself is of no use to others when the request has ended.
        var lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        lock (_gate)
        {
            _requests.Add(ReceivedRequest.Of(context));
            _open.Add(lifetime);
            answer = _answer;
            Tell();
        }

        try
        {
            await (answer is null ? next(context) : answer(context));
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(lifetime);
            }
        }
    }

    private void Tell()
    {
        foreach (var (_, signal) in _waiting.Where(waiting => _requests.Count >= waiting.Count))
        {
            signal.TrySetResult();
        }
    }
}
