using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Sessions;
using EventStreaming;
using EventStreaming.AspNetCore;

namespace AgentHost.Protocols;

/// <summary>A stream of one run, which begins or goes on when its viewer is there.</summary>
/// <param name="protocol">What is spoken.</param>
/// <param name="session">Where the run is.</param>
/// <param name="run">The run.</param>
/// <param name="refuse">Says in the protocol why there is none.</param>
internal sealed class DoorStream(EventProtocol protocol, Session session, DoorRun run, Func<Refusal, IResult> refuse) : IResult
{
    /// <summary>What the client has, in the protocol's own form.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Called when no run was begun in a session that was made for it: nobody would ever use that.</summary>
    public Action? Abandon { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var hasBegun = false;
        var result = new EventProtocolResult(protocol, new EventProtocolRequest(session.Id) { RunId = run.RunId, Input = Input })
        {
            Starting = _ =>
            {
                var refusal = run.Begin();
                hasBegun = refusal is null;
                return ValueTask.FromResult(refusal is null ? null : refuse(refusal));
            },
        };
        try
        {
            await result.ExecuteAsync(httpContext);
        }
        finally
        {
            if (!hasBegun)
            {
                Abandon?.Invoke();
            }
        }
    }
}
