global using EventStreaming;
global using EventStreaming.Agents;
global using EventStreaming.AspNetCore;
global using EventStreaming.Client;
global using Microsoft.AspNetCore.Mvc;
global using Microsoft.Extensions.AI;
global using System.Text.Json;

/// <summary>What the READMEs' code finds in the host it stands in. Nothing of it runs: it compiles.</summary>
internal static class Surroundings
{
    public static readonly WebApplicationBuilder builder = null!;
    public static readonly WebApplication app = null!;
    public static readonly EventBus bus = null!;
    public static readonly EventCatalog catalog = null!;
    public static readonly EventCursor? remembered = null;
    public static readonly EventCursor cursor;
    public static readonly CancellationToken requestAborted;
    public static readonly CancellationToken cancellationToken;
    public static readonly HttpClient http = null!;
    public static readonly HttpRequestMessage request = null!;
    public static readonly Uri uri = null!;
    public static readonly AgentRun run = null!;
    public static readonly IChatClient model = null!;
    public static readonly ISessionSnapshots snapshots = null!;
    public static readonly IAsyncEnumerable<string> pieces = null!;
    public static readonly EventStreamClient client = null!;
    public static readonly A2AAgentCard card = null!;
    public static readonly EventProtocol protocol = null!;
    public static readonly string topic = "";
    public static readonly string runId = "";
    public static string text = "";

    public static Task WorkAsync(AgentRun run, CancellationToken cancellationToken) => throw new NotSupportedException();

    public static IResult? Refusal(AgentRunStart start) => throw new NotSupportedException();
}

internal sealed record RunFailed(string Message);

internal sealed class TokenHandler : DelegatingHandler;

internal sealed record Session(string Owner);

internal abstract class Sessions
{
    public abstract Task<Session?> FindAsync(string topic, CancellationToken cancellationToken);
}

internal abstract class Runs
{
    public abstract Task StartAsync(string topic, Stream body);
}
