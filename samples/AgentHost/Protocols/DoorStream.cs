using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Sessions;
using EventStreaming;
using EventStreaming.AspNetCore;

namespace AgentHost.Protocols;

/// <summary>A stream of one run, which is begun or found when its viewer has been let in.</summary>
/// <param name="protocol">What is spoken.</param>
/// <param name="session">Where the run is.</param>
/// <param name="begin">Finds the run.</param>
/// <param name="refuse">Says in the protocol why there is none.</param>
internal sealed class DoorStream(EventProtocol protocol, Session session, DoorStream.Beginning begin, Func<Refusal, IResult> refuse) : IResult
{
    /// <summary>Begins or finds a run.</summary>
    /// <returns>Why there is none; null when there is.</returns>
    internal delegate Refusal? Beginning(out string runId);

    /// <summary>What the client has, in the protocol's own form.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Called when no run was begun in a session that was made for it: nobody would ever use that.</summary>
    public Func<Task>? Abandon { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var runId = string.Empty;
        var result = new EventProtocolResult(protocol, new EventProtocolRequest(session.Id) { Input = Input })
        {
            Starting = _ => ValueTask.FromResult(begin(out runId) is { } refusal ? refuse(refusal) : null),
            Open = request => protocol.Open(request with { RunId = runId }),
        };
        try
        {
            await result.ExecuteAsync(httpContext);
        }
        finally
        {
            if (runId.Length == 0 && Abandon is not null)
            {
                await Abandon();
            }
        }
    }
}
