using System.Text.Json;
using EventStreaming.Agents;
using EventStreaming.AspNetCore;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>A real host with the front doors that clients of the AI SDK and of A2A find. A run is what a test publishes.</summary>
internal sealed class ProtocolSite : IAsyncDisposable
{
    public const string Topic = "chat-1";

    public const string RunId = "run-1";

    private readonly WebApplication _app;

    private ProtocolSite(WebApplication app) => (_app, Address) = (app, new Uri(app.Urls.Single()));

    public Uri Address { get; }

    /// <summary>Called when a client has said something, before its stream begins.</summary>
    public Action OnSaid { get; set; } = static () => { };

    /// <summary>Called when a client has answered a question, before its stream goes on.</summary>
    public Action OnAnswered { get; set; } = static () => { };

    private EventBus Bus => _app.Services.GetRequiredService<EventBus>();

    private ISessionSnapshots Snapshots => _app.Services.GetRequiredService<ISessionSnapshots>();

    public static async Task<ProtocolSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddEventStreaming().AddCatalog(AgentEvents.Catalog).AddHttp().AddSessionSnapshots();
        var app = builder.Build();
        ProtocolSite? site = null;
        app.MapPost("/api/chat", (JsonElement body) => site!.Chat(body));
        app.MapGet("/api/chat/{id}/stream", (string id) => site!.Resume(id));
        app.MapGet(A2AAgentCard.Path, () => Results.Json(site!.Card, A2AAgentCard.JsonTypeInfo));
        app.MapPost("/a2a/message:stream", (JsonElement body) => site!.Send(site.A2A, body));
        app.MapPost("/a2a/tasks/{id}:subscribe", (string id) => Subscribe(site!.A2A, id));
        app.MapPost("/a2a/rpc", (JsonElement body) => site!.Call(body));
        await app.StartAsync();
        return site = new ProtocolSite(app);
    }

    public StreamEvent Publish<T>(EventTypeDescriptor<T> type, T data, string? source = null, string runId = RunId) =>
        Bus.Publish(Topic, type.Draft(data) with { RunId = runId, Source = source });

    /// <summary>Publishes, and waits until late viewers are told of it.</summary>
    public async Task PublishAndFoldAsync<T>(EventTypeDescriptor<T> type, T data)
    {
        var item = Publish(type, data);
        await WaitAsync().WithinSafetyAsync();

        async Task WaitAsync()
        {
            while (Snapshots.Find(Topic) is not { } snapshot || snapshot.Cursor.Sequence < item.Sequence)
            {
                await Task.Yield();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private AiSdkProtocol AiSdk => new(Snapshots);

    private A2AProtocol A2A => new(Snapshots);

    private A2AAgentCard Card => new(
        "Indexer",
        "Indexes files.",
        "1.0.0",
        [new A2AAgentInterface($"{Address}a2a"), new A2AAgentInterface($"{Address}a2a/rpc", A2AAgentInterface.JsonRpc)],
        [new A2AAgentSkill("index", "Index", "Counts lines.", ["files"])]);

    private EventProtocolResult Chat(JsonElement body)
    {
        var last = body.GetProperty("messages").EnumerateArray().Last();
        var next = last.TryGetProperty("metadata", out var metadata) ? AiSdk.Continue(metadata) : null;
        return Stream(next ?? AiSdk, body.GetProperty("id").GetString()!, RunId, next is null ? OnSaid : () =>
        {
            foreach (var part in last.GetProperty("parts").EnumerateArray().Where(static part => part.TryGetProperty("state", out var state) && state.ValueEquals("approval-responded")))
            {
                var approval = part.GetProperty("approval");
                Publish(AgentEvents.InputReceived, new InputReceived(approval.GetProperty("id").GetString()!, approval.GetProperty("approved").Clone()));
            }

            OnAnswered();
        });
    }

    private IResult Resume(string id) => AiSdk.CanResume(id) ? Stream(AiSdk, id, null, static () => { }) : Results.NoContent();

    private IResult Call(JsonElement body)
    {
        var protocol = A2A.ForJsonRpc(body.GetProperty("id"));
        var parameters = body.GetProperty("params");
        return body.GetProperty("method").GetString() switch
        {
            "SendStreamingMessage" => Send(protocol, parameters),
            "SubscribeToTask" => Subscribe(protocol, parameters.GetProperty("id").GetString()!),
            _ => Results.BadRequest(),
        };
    }

    private EventProtocolResult Send(A2AProtocol protocol, JsonElement body)
    {
        var task = body.GetProperty("message").TryGetProperty("taskId", out var id) ? id.GetString() : null;
        return Stream(protocol, Topic, RunId, string.IsNullOrEmpty(task) ? OnSaid : OnAnswered);
    }

    private static EventProtocolResult Subscribe(A2AProtocol protocol, string id) => Stream(protocol, Topic, id, static () => { });

    private static EventProtocolResult Stream(EventProtocol protocol, string topic, string? runId, Action starting) =>
        new(protocol, new EventProtocolRequest(topic) { RunId = runId })
        {
            Starting = _ =>
            {
                starting();
                return ValueTask.FromResult<IResult?>(null);
            },
        };
}
