using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>The runs below the one that a stream shows: each one part, <c>data-worker</c>, which is replaced as things change. Known until they end.</summary>
internal sealed class AiSdkWorkers(AiSdkWriter writer)
{
    private const string Running = "running";

    private readonly Dictionary<string, Worker> _workers = new(StringComparer.Ordinal);

    public void Write(RunSnapshot run)
    {
        var worker = new Worker(run.Source, run.Start.Kind, Running, null);
        Keep(run.RunId, worker);
        Write(run.RunId, worker, null);
    }

    /// <summary>Takes over what another stream has sent.</summary>
    public void Take(RunSnapshot run) => Keep(run.RunId, new Worker(run.Source, run.Start.Kind, Running, null));

    public void Write(string id, StreamEvent item)
    {
        var worker = _workers.GetValueOrDefault(id) ?? new Worker(item.Source, null, Running, null);
        worker = item.Type switch
        {
            "run.start" => new Worker(item.Source, AgentPayload.Of<RunStarted>(item)?.Kind, Running, null),
            "run.complete" => worker with { State = AgentPayload.Of<RunCompleted>(item) is { Outcome: RunOutcome.Cancelled } ? "cancelled" : "success" },
            "error" => worker with { State = AgentPayload.IsFatal(item) ? "failed" : worker.State, Message = AgentPayload.Of<AgentError>(item)?.Message },
            "subagent.report" => worker with { Message = AgentPayload.Of<SubagentReport>(item)?.Report },
            _ => worker,
        };
        Keep(id, worker);
        Write(id, worker, item);
    }

    private void Keep(string id, Worker worker)
    {
        if (worker.State is not Running)
        {
            _workers.Remove(id);
        }
        else if (_workers.Count < ProtocolLimits.OpenParts || _workers.ContainsKey(id))
        {
            _workers[id] = worker;
        }
    }

    private void Write(string id, Worker worker, StreamEvent? item)
    {
        var json = writer.Begin();
        AiSdkChunks.BeginData(json, "data-worker", id);
        ProtocolJson.WriteIfAny(json, "source"u8, worker.Source);
        ProtocolJson.WriteIfAny(json, "kind"u8, worker.Kind);
        json.WriteString("state"u8, worker.State);
        ProtocolJson.WriteIfAny(json, "message"u8, worker.Message);
        AiSdkChunks.EndData(json, item);
        writer.End();
    }

    private sealed record Worker(string? Source, string? Kind, string State, string? Message);
}
