using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>A task as it stands, from the session's snapshot.</summary>
internal static class A2ATask
{
    /// <summary>The state; <paramref name="waiting"/> is the question it waits for, or null.</summary>
    public static ReadOnlySpan<byte> StateOf(RunSnapshot run, InputSnapshot? waiting) => run.State switch
    {
        RunState.Succeeded => A2AStates.Completed,
        RunState.Cancelled => A2AStates.Canceled,
        RunState.Failed => A2AStates.Failed,
        _ => waiting is null ? A2AStates.Working : A2AStates.InputRequired,
    };

    /// <summary>The whole task object.</summary>
    public static byte[] Write(SessionSnapshot snapshot, RunSnapshot run, RunFollower follower, string contextId)
    {
        var buffer = new JsonBuffer();
        var json = buffer.Json;
        var waiting = run.EndedAt is null ? snapshot.Inputs.FirstOrDefault(input => follower.Includes(input.RunId, input.Source)) : null;
        json.WriteStartObject();
        json.WriteString("id"u8, follower.Name);
        json.WriteString("contextId"u8, contextId);
        WriteStatus(json, run, waiting, follower.Name, contextId);
        var messages = snapshot.Messages.Where(message => follower.IsRoots(message.RunId, message.Source)).ToList();
        WriteArtifacts(json, run, messages, ShownBy(snapshot, follower));
        WriteHistory(json, messages, follower.Name, contextId);
        json.WriteStartObject("metadata"u8);
        WriteState(json, snapshot, run, follower);
        json.WriteEndObject();
        json.WriteEndObject();
        return buffer.Written.ToArray();
    }

    private static void WriteStatus(Utf8JsonWriter json, RunSnapshot run, InputSnapshot? waiting, string taskId, string contextId)
    {
        json.WriteStartObject("status"u8);
        json.WriteString("state"u8, StateOf(run, waiting));
        if (waiting is not null)
        {
            BeginMessage(json, waiting.Request.Id, taskId, contextId, "ROLE_AGENT"u8);
            A2AParts.WriteText(json, waiting.Request.Prompt);
            json.WriteStartObject();
            json.WritePropertyName("data"u8);
            JsonSerializer.Serialize(json, waiting.Request, AgentJsonContext.Default.InputRequested);
            json.WriteEndObject();
            EndMessage(json);
        }
        else if ((run.EndedAt is null ? run.Status : run.Error?.Message) is { } text)
        {
            BeginMessage(json, $"{taskId}-status", taskId, contextId, "ROLE_AGENT"u8);
            A2AParts.WriteText(json, text);
            EndMessage(json);
        }

        if (run.EndedAt is { } ended)
        {
            json.WriteString("timestamp"u8, ProtocolJson.Format(ended));
        }

        json.WriteEndObject();
    }

    /// <summary>The tool calls of the task that have something to show, which is an artifact each.</summary>
    public static IEnumerable<ToolCallSnapshot> ShownBy(SessionSnapshot snapshot, RunFollower follower) =>
        snapshot.EndedToolCalls.Where(call => call.Completed is { Visualizations.Count: > 0 } && follower.IsRoots(call.RunId, call.Source));

    private static void WriteArtifacts(Utf8JsonWriter json, RunSnapshot run, List<MessageSnapshot> messages, IEnumerable<ToolCallSnapshot> calls)
    {
        var texts = messages.Where(static message => message is { Role: not "user", Text.Length: > 0 }).Select(message => (message.Began, Write: (Action)(() =>
            WriteArtifact(json, message.Id, name: null, () => A2AParts.WriteText(json, message.Text)))));
        var shown = calls.Select(call => (call.Began, Write: (Action)(() =>
            WriteArtifact(json, call.Start.Id.ToString(), call.Completed!.Summary, () => A2AParts.WriteValues(json, call.Completed.Visualizations!)))));
        var artifacts = texts.Concat(shown).OrderBy(static artifact => artifact.Began).Select(static artifact => artifact.Write).ToList();
        if (run.Result?.Result is { ValueKind: not JsonValueKind.Undefined } result)
        {
            artifacts.Add(() => WriteArtifact(json, A2AArtifactEncoder.ResultId, A2AArtifactEncoder.ResultId, () => A2AParts.WriteValue(json, result)));
        }

        if (artifacts.Count == 0)
        {
            return;
        }

        json.WriteStartArray("artifacts"u8);
        foreach (var write in artifacts)
        {
            write();
        }

        json.WriteEndArray();
    }

    private static void WriteArtifact(Utf8JsonWriter json, string id, string? name, Action writeParts)
    {
        json.WriteStartObject();
        json.WriteString("artifactId"u8, id);
        ProtocolJson.WriteIfAny(json, "name"u8, name);
        json.WriteStartArray("parts"u8);
        writeParts();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What the user said. What the agent said is the task's output, and so an artifact (A2A 1.0, 3.7).</summary>
    private static void WriteHistory(Utf8JsonWriter json, List<MessageSnapshot> messages, string taskId, string contextId)
    {
        var said = messages.Where(message => message.Role is "user").ToList();
        if (said.Count == 0)
        {
            return;
        }

        json.WriteStartArray("history"u8);
        foreach (var message in said)
        {
            json.WriteStartObject();
            WriteMessage(json, message.Id, taskId, contextId, "ROLE_USER"u8);
            A2AParts.WriteText(json, message.Text);
            EndMessage(json);
        }

        json.WriteEndArray();
    }

    /// <summary>What the protocol has no place for: how far it is, and what is at work.</summary>
    private static void WriteState(Utf8JsonWriter json, SessionSnapshot snapshot, RunSnapshot run, RunFollower follower)
    {
        json.WriteStartObject("eventstreaming"u8);
        json.WriteNumber("seq"u8, snapshot.Cursor.Sequence);
        json.WriteString("type"u8, "session.snapshot"u8);
        json.WriteString("run_id"u8, follower.Name);
        ProtocolJson.WriteIfAny(json, "source"u8, run.Source);
        json.WriteString("kind"u8, run.Start.Kind);
        json.WriteNumber("attempt"u8, run.Start.Attempt);
        if (run.Result is { } end)
        {
            ProtocolJson.WriteEnd(json, end);
        }

        if (run is { EndedAt: null, Progress: { } progress })
        {
            json.WritePropertyName("progress"u8);
            JsonSerializer.Serialize(json, progress, AgentJsonContext.Default.Progress);
        }

        var calls = snapshot.ToolCalls.Where(call => run.EndedAt is null && follower.IsRoots(call.RunId, call.Source)).ToList();
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls)
            {
                JsonSerializer.Serialize(json, call.Start, AgentJsonContext.Default.ToolCallStarted);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void BeginMessage(Utf8JsonWriter json, string id, string taskId, string contextId, ReadOnlySpan<byte> role)
    {
        json.WriteStartObject("message"u8);
        WriteMessage(json, id, taskId, contextId, role);
    }

    private static void WriteMessage(Utf8JsonWriter json, string id, string taskId, string contextId, ReadOnlySpan<byte> role)
    {
        json.WriteString("taskId"u8, taskId);
        json.WriteString("contextId"u8, contextId);
        json.WriteString("messageId"u8, id);
        json.WriteString("role"u8, role);
        json.WriteStartArray("parts"u8);
    }

    private static void EndMessage(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
