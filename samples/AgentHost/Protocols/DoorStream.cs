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
    /// <param name="newRunId">What a run that begins is called.</param>
    /// <param name="runId">The run.</param>
    /// <returns>Why there is none; null when there is.</returns>
    internal delegate Refusal? Beginning(string newRunId, out string runId);

    /// <summary>What the client has, in the protocol's own form.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>Called when no run was begun in a session that was made for it: nobody would ever use that.</summary>
    public Action? Abandon { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var newRunId = Guid.CreateVersion7().ToString("N");
        var runId = string.Empty;
        var wanted = new EventProtocolRequest(session.Id) { Input = Input };
        EventProtocolStream? opened = null;
        var result = new EventProtocolResult(protocol, wanted)
        {
            Starting = _ =>
            {
                // Opened before it begins: who begins a run sees all of it, and not how it stands a moment later.
                var ofNew = protocol.Open(wanted with { RunId = newRunId });
                if (begin(newRunId, out runId) is { } refusal)
                {
                    return ValueTask.FromResult<IResult?>(refuse(refusal));
                }

                opened = string.Equals(runId, newRunId, StringComparison.Ordinal) ? ofNew : protocol.Open(wanted with { RunId = runId });
                return ValueTask.FromResult<IResult?>(null);
            },
            Open = _ => opened!, // By what comes before it.
        };
        try
        {
            await result.ExecuteAsync(httpContext);
        }
        finally
        {
            if (runId.Length == 0)
            {
                Abandon?.Invoke();
            }
        }
    }
}
