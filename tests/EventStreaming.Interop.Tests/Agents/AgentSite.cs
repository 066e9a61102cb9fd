using System.Collections.Concurrent;
using System.Text.Json;
using EventStreaming.Agents;
using EventStreaming.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>A real host with an agent behind <c>POST /agui</c> that does as it is told, and the session's stream in every format.</summary>
internal sealed class AgentSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AgentSite(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    public EventBus Bus => _app.Services.GetRequiredService<EventBus>();

    /// <summary>What each run waits for before it goes on.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Gates { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, AgentRun> Runs { get; } = new(StringComparer.Ordinal);

    public static async Task<AgentSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEventStreaming().AddCatalog(AgentEvents.Catalog).AddHttp().AddSessionSnapshots();
        var app = builder.Build();
        AgentSite? site = null;
        app.MapPost("/agui", (HttpContext context, JsonElement input) => site!.Serve(context, input));
        app.MapEventStream("/api/sessions/{topic}/events", options => options.Formats.Add(CloudEventsEncoder.Default));
        await app.StartAsync();
        return site = new AgentSite(app);
    }

    public TaskCompletionSource GateOf(string runId) => Gates.GetOrAdd(runId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private EventProtocolResult Serve(HttpContext context, JsonElement input)
    {
        var topic = input.GetProperty("threadId").GetString()!;
        var protocol = new AgUiProtocol(context.RequestServices.GetRequiredService<ISessionSnapshots>()) { IncludeWorkers = true };
        var watched = input.GetProperty("forwardedProps").TryGetProperty("watch", out var watch) ? watch.GetString() : null;
        var answers = input.TryGetProperty("resume", out var resume) ? resume.EnumerateArray().ToList() : [];

        // The run that asked goes on: there is one at a time.
        var runId = watched ?? (answers.Count > 0 ? Runs.Values.Single(run => string.Equals(run.Topic, topic, StringComparison.Ordinal) && !run.IsEnded).RunId : input.GetProperty("runId").GetString()!);
        return new EventProtocolResult(protocol, new EventProtocolRequest(topic) { RunId = runId, Input = watched is null ? input : null })
        {
            Starting = _ =>
            {
                if (watched is null && answers.Count == 0)
                {
                    Start(topic, runId, input);
                }

                foreach (var answer in answers)
                {
                    Bus.Publish(topic, AgentEvents.InputReceived, new InputReceived(answer.GetProperty("interruptId").GetString()!, answer.GetProperty("payload").Clone()));
                }

                return ValueTask.FromResult<IResult?>(null);
            },
        };
    }

    private void Start(string topic, string runId, JsonElement input)
    {
        var said = input.GetProperty("messages").EnumerateArray().Last();
        var (id, text) = (said.GetProperty("id").GetString()!, said.GetProperty("content").GetString()!);
        Bus.Publish(topic, AgentEvents.MessageComplete, new MessageCompleted(id, "user", text));
        var run = Bus.StartRun(topic, "demo", new AgentRunOptions { RunId = runId, Source = "queen" });
        Runs[runId] = run;
        _ = Task.Run(async () =>
        {
            using (run)
            {
                await DoAsync(run, text);
            }
        });
    }

    /// <summary>Does what was said, for real.</summary>
    private async Task DoAsync(AgentRun run, string said)
    {
        run.Status("Thinking");
        using var message = run.StartMessage();
        message.Append("You said ");
        if (said.Contains("tools", StringComparison.Ordinal))
        {
            using var step = run.StartStep("Count");
            var reasoning = run.StartReasoning();
            reasoning.Append("Count them.");
            using var tool = run.StartTool("count", JsonDocument.Parse("""{"text":"tools"}""").RootElement);
            tool.Progress("counting", 0.9);
            tool.Complete("5 letters", JsonDocument.Parse("""{"letters":5}""").RootElement);
            run.Progress(0.5, "count", "half");
            run.Warn("slow", "It is slow.");
            using var worker = run.StartWorker("1", "help");
            worker.Report("Helped.");
            worker.Complete();
        }

        if (said.Contains("ask", StringComparison.Ordinal))
        {
            var answer = await run.RequestInputAsync("Go on?", JsonDocument.Parse("""{"type":"string"}""").RootElement);
            message.Append($"({answer.GetString()}) ");
        }

        if (said.Contains("wait", StringComparison.Ordinal))
        {
            await GateOf(run.RunId).Task;
        }

        if (said.Contains("fail", StringComparison.Ordinal))
        {
            run.Fail("broken", "It broke.");
            return;
        }

        message.Append(said);
        message.Complete();
        run.AddUsage(3, 4);
        if (said.Contains("cancel", StringComparison.Ordinal))
        {
            run.Cancel();
        }
        else
        {
            run.Complete(JsonDocument.Parse("""{"done":true}""").RootElement);
        }
    }
}
