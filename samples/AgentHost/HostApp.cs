using System.Net;
using AgentHost.Endpoints;
using AgentHost.Jobs.Alerts;
using AgentHost.Jobs.Alerts.Remote;
using AgentHost.Jobs.Assistant;
using AgentHost.Jobs.Generation;
using AgentHost.Jobs.Indexing;
using AgentHost.Jobs.Orchestrator;
using AgentHost.Options;
using AgentHost.Protocols;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming;
using EventStreaming.Agents;
using EventStreaming.Client;

namespace AgentHost;

/// <summary>The host: a bus, its sessions and runs, and the routes to them.</summary>
internal static class HostApp
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <exception cref="BadOptionException">An option cannot be used.</exception>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        Listen(builder);
        Log(builder.Logging);
        AddServices(builder);
        configure?.Invoke(builder);
        var app = builder.Build();

        // Now, not at the first request: kinds that there are not are an option that cannot be used.
        app.Services.GetRequiredService<RunStarter>();
        Map(app);
        return app;
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey];
        if (string.IsNullOrEmpty(urls))
        {
            builder.WebHost.UseUrls(urls = DefaultUrl);
        }

        // A page whose name was made to lead here could otherwise do what a page of this machine may (DNS rebinding).
        if (string.IsNullOrEmpty(builder.Configuration["AllowedHosts"]) && urls.Split(';').All(IsLoopback))
        {
            builder.Configuration["AllowedHosts"] = "localhost;127.0.0.1;[::1]";
        }
    }

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) && uri.IsLoopback && (uri.Host is "localhost" || IPAddress.TryParse(uri.Host, out _));

    private static void Log(ILoggingBuilder logging)
    {
        // The server's own line for each request would have its query.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        if (Console.IsOutputRedirected)
        {
            logging.AddJsonConsole(static console => (console.TimestampFormat, console.UseUtcTimestamp) = ("O", true));
        }
        else
        {
            logging.AddSimpleConsole(static console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        }
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var options = AgentHostOptions.Read(builder.Configuration, builder.Environment.ContentRootPath);
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<RunDirectories>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<IRunKind, IndexKind>();
        services.AddSingleton<IRunKind, OrchestratorKind>();
        services.AddSingleton<IRunKind, GenerationKind>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<IRunKind, AssistantKind>();
        services.AddSingleton<IRunKind, AlertsKind>();
        services.AddSingleton<IRunKind>(new AnalysisKind(AlertType.WashTrade));
        services.AddSingleton<IRunKind>(new AnalysisKind(AlertType.InsiderTrading));
        AddAnalysts(services, options);
        services.AddDoors();
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AgentHostJsonContext.Default));
        services.AddHealthChecks().AddCheck<EventStreamingHealthCheck>("event-streaming");

        // A file is two critical events of a worker: this holds those of some 8,000 files, and what the session's viewers see beside them.
        services.AddEventStreaming(static bus =>
        {
            bus.History.CriticalCapacity = 16_384;
            bus.History.CriticalMaxBytes = 16 << 20;
        });
        var events = services.AddEventStreaming(builder.Configuration.GetSection("EventStreaming"))
            .AddHttp()
            .AddTopicAuthorizer<SessionAuthorizer>()
            .AddAgents(runs => (runs.MaxRuns, runs.MaxRunsPerTopic) = (options.MaxRuns, options.MaxRunsPerSession));
        if (options.RelayFrom is { } upstream)
        {
            AddRelay(events, upstream);
        }
    }

    private static void AddAnalysts(IServiceCollection services, AgentHostOptions options)
    {
        if (options.Agents.Count == 0)
        {
            services.AddSingleton<IAnalysts, LocalAnalysts>();
        }
        else
        {
            AgentClient.Configure(services);
            services.AddSingleton<IAnalysts, AgentHosts>();
        }
    }

    /// <summary>Sessions that are not here are looked for at another host, which may do so, too.</summary>
    private static void AddRelay(EventStreamingBuilder events, Uri upstream)
    {
        events.AddEventRelay();
        events.Services.AddOptions<EventRelayOptions>()
            .BindConfiguration("Relay")
            .Configure<SessionRegistry>((relay, sessions) => relay.FindUpstream =
                session => sessions.Find(session) is null ? new Uri(upstream, $"api/sessions/{Uri.EscapeDataString(session)}/events") : null);
    }

    private static void Map(WebApplication app)
    {

        // What the bus has no room for may be tried again.
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = static exception => exception is TopicLimitException or SubscriptionLimitException ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        var sessions = app.MapGroup("/api/sessions");
        sessions.MapSessions();
        sessions.MapStreams();
        sessions.MapPublishing();
        sessions.MapRuns();
        sessions.MapInputs();
        app.MapDoors();
        app.MapHealthChecks("/healthz");
    }
}
