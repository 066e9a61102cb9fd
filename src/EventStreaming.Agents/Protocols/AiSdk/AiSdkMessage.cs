using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>The message of one stream: what is open of it, and so what may come next.</summary>
internal sealed partial class AiSdkMessage(AiSdkWriter writer, string? threadId)
{
    private readonly HashSet<Guid> _tools = [];

    // What is forgotten and begins again is shown at work again, under the id that it had.
    private readonly RecentIds<Guid> _endedTools = new();
    private readonly Dictionary<Guid, InputRequested> _approvals = [];
    private readonly AiSdkInputs _inputs = new(writer);
    private readonly AiSdkWorkers _workers = new(writer);
    private string? _threadId = threadId;
    private bool _hasStarted;

    public bool IsOver { get; private set; }

    public AiSdkTexts Texts { get; } = new(writer);

    /// <summary>Begins with a run that begins.</summary>
    public void Start(string runId, StreamEvent item)
    {
        var json = BeginStart(runId);
        ProtocolJson.BeginMark(json, item);
        EndStart(json, AgentPayload.Of<RunStarted>(item));
    }

    /// <summary>Begins with a run that is known already.</summary>
    public void Start(string name, RunSnapshot run)
    {
        var json = BeginStart(name);
        json.WriteStartObject("eventstreaming"u8);
        json.WriteString("run_id"u8, name);
        EndStart(json, run.Start);
    }

    /// <summary>Goes on where another stream of this message has stopped.</summary>
    public void Continue(string name, RunSnapshot run, AiSdkStreamPlace place, IEnumerable<RunSnapshot> below, IEnumerable<InputSnapshot> inputs)
    {
        Start(name, run);
        Texts.Take(place.Texts);
        _tools.UnionWith(place.Tools);
        foreach (var worker in below)
        {
            _workers.Take(worker);
        }

        foreach (var input in inputs)
        {
            if (!IsApproval(input.Request))
            {
                _inputs.Take(input.Request);
            }
        }
    }

    /// <summary>Writes what a run that is at work has open.</summary>
    public void Write(RunSnapshot run, IEnumerable<RunSnapshot> below, IEnumerable<InputSnapshot> inputs, EventCursor cursor)
    {
        foreach (var step in run.OpenSteps)
        {
            AiSdkChunks.WriteStep(writer.Begin(), step);
            writer.End();
        }

        if (run.Progress is { } progress)
        {
            AiSdkChunks.WriteProgress(writer.Begin(), progress);
            writer.End();
        }

        foreach (var worker in below.Where(worker => worker.EndedAt is null))
        {
            _workers.Write(worker);
        }

        if (run.Status is { } status)
        {
            var json = writer.Begin();
            AiSdkChunks.BeginData(json, "data-status", isTransient: true);
            json.WriteString("message"u8, status);
            AiSdkChunks.EndData(json);
            writer.End();
        }

        foreach (var input in inputs)
        {
            Ask(input.Request, null);
        }

        StopForApproval(cursor);
    }

    /// <summary>Writes a tool call as it stands.</summary>
    public void Write(ToolCallSnapshot call)
    {
        Texts.EndThought();
        AiSdkChunks.WriteToolInputStart(writer.Begin(), call.Start);
        writer.End();
        AiSdkChunks.WriteToolInput(writer.Begin(), call.Start);
        writer.End();
        if (call.Completed is { } completed)
        {
            _endedTools.Add(call.Start.Id);
            AiSdkChunks.WriteToolOutput(writer.Begin(), completed);
            writer.End();
            return;
        }

        _tools.Add(call.Start.Id);
        if (call.Progress is { } progress)
        {
            AiSdkChunks.WriteToolProgress(writer.Begin(), progress);
            writer.End();
        }
    }

    /// <summary>Writes what was found.</summary>
    public void Write(KnowledgeRetrieved found)
    {
        foreach (var document in found.Sources ?? [])
        {
            AiSdkChunks.WriteSource(writer.Begin(), document);
            writer.End();
        }

        AiSdkChunks.WriteRetrieval(writer.Begin(), found);
        writer.End();
    }

    public void WriteAside(StreamEvent item)
    {
        _threadId = AgentPayload.Of<SessionCreated>(item)?.ThreadId ?? _threadId;
        if (_hasStarted)
        {
            writer.Write(item);
        }
    }

    /// <summary>Writes an event of the run itself.</summary>
    public void Write(StreamEvent item)
    {
        switch (item.Type)
        {
            case "message.start" or "message.delta" or "message.complete" or "reasoning.delta":
                Texts.Write(item);
                break;
            case "tool_call.start":
                if (AgentPayload.Of<ToolCallStarted>(item) is { } call && !_tools.Contains(call.Id) && !_endedTools.Contains(call.Id))
                {
                    StartTool(call, item);
                }

                break;
            case "tool_call.progress":
                if (AgentPayload.Of<ToolCallProgress>(item) is { } progress && _tools.Contains(progress.Id))
                {
                    writer.Write(item);
                }

                break;
            case "tool_call.complete":
                if (AgentPayload.Of<ToolCallCompleted>(item)?.Id is { } ended && _tools.Remove(ended) && _endedTools.Add(ended))
                {
                    writer.Write(item);
                    _approvals.Remove(ended);
                    StopForApproval(item.Cursor);
                }

                break;
            case "run.complete":
                var end = AgentPayload.Of<RunCompleted>(item);
                End(end is { Outcome: RunOutcome.Cancelled }, null, item, end);
                break;
            case "error" when AgentPayload.IsFatal(item):
                var error = AgentPayload.Of<AgentError>(item) ?? new AgentError("unknown", "The run has failed.");
                End(isCancelled: false, error, item, null);
                break;
            default:
                WriteAny(item);
                break;
        }
    }

    /// <summary>Writes an event of a run below: of those only what concerns the run's viewers.</summary>
    public void Write(string runId, StreamEvent item)
    {
        switch (item.Type)
        {
            case "run.start" or "run.complete" or "error" or "subagent.report":
                _workers.Write(runId, item);
                break;
            case "input.requested" or "input.received" or "credentials.required":
                WriteAny(item);
                break;
            default:
                break;
        }
    }

    /// <summary>Ends with a run that has ended already.</summary>
    public void End(RunSnapshot run) => End(run.State is RunState.Cancelled, run.Error, null, run.Result);

    public void Miss(Gap gap)
    {
        Texts.Miss();
        if (_hasStarted)
        {
            WriteGap(gap);
        }
    }

    private void WriteGap(Gap gap)
    {
        var json = writer.Begin();
        AiSdkChunks.BeginData(json, "data-gap", isTransient: true);
        json.WriteNumber("from"u8, gap.From);
        json.WriteNumber("to"u8, gap.To);
        json.WriteNumber("count"u8, gap.Count);
        AiSdkChunks.EndData(json);
        writer.End();
    }

    private bool IsApproval(InputRequested request) => request.ToolCallId is { } call && _tools.Contains(call);

    private Utf8JsonWriter BeginStart(string runId)
    {
        _hasStarted = true;
        var json = writer.Begin();
        json.WriteStartObject();
        json.WriteString("type"u8, "start"u8);
        json.WriteString("messageId"u8, runId);
        json.WriteStartObject("messageMetadata"u8);
        return json;
    }

    private void EndStart(Utf8JsonWriter json, RunStarted? start)
    {
        ProtocolJson.WriteIfAny(json, "kind"u8, start?.Kind);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        writer.End();
        writer.Chunk("start-step"u8);
        if (_threadId is not null)
        {
            json = writer.Begin();
            AiSdkChunks.BeginData(json, "data-session", "session");
            json.WriteString("thread_id"u8, _threadId);
            AiSdkChunks.EndData(json);
            writer.End();
        }
    }

    private void StartTool(ToolCallStarted call, StreamEvent item)
    {
        if (_tools.Count >= ProtocolLimits.OpenTools)
        {
            WriteGap(new Gap(item.Sequence, item.Sequence, 1, GapReason.Overflow));
            return;
        }

        _tools.Add(call.Id);
        Texts.EndThought();
        writer.Write(item);
    }

    private void WriteAny(StreamEvent item)
    {
        switch (item.Type)
        {
            case "input.requested" when AgentPayload.Of<InputRequested>(item) is { } request:
                Ask(request, item);
                StopForApproval(item.Cursor);
                break;
            case "input.received":
                Answer(item);
                break;
            default:
                writer.Write(item);
                break;
        }
    }

    private void Ask(InputRequested request, StreamEvent? item)
    {
        if (IsApproval(request))
        {
            _approvals[request.ToolCallId!.Value] = request;
        }
        else
        {
            _inputs.Ask(request, item);
        }
    }

    /// <summary>Somebody may answer before the client was asked.</summary>
    private void Answer(StreamEvent item)
    {
        _inputs.Answer(item);
        var id = AgentPayload.Of<InputReceived>(item)?.Id;
        foreach (var (call, request) in _approvals)
        {
            if (string.Equals(request.Id, id, StringComparison.Ordinal))
            {
                _approvals.Remove(call);
            }
        }
    }
}
