using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Puts the frames of one stream together: the task's ids, the state, and what an event's form has for all streams.</summary>
/// <param name="taskId">The task.</param>
/// <param name="contextId">The conversation it belongs to.</param>
/// <param name="envelope">What every frame stands in.</param>
internal sealed class A2AFrames(string taskId, string contextId, A2AEnvelope envelope)
{
    private readonly JsonBuffer _frame = new();
    private readonly byte[] _ids = WriteIds("taskId"u8, taskId, contextId);

    public string ContextId => contextId;

    /// <summary>A state, and what the event says; the state alone when its form is empty.</summary>
    public void WriteStatus(ReadOnlySpan<byte> state, StreamEvent item, ReadOnlySpan<byte> form, IMessageWriter output)
    {
        if (form.IsEmpty)
        {
            WriteState(state, item, output);
            return;
        }

        Begin("{\"statusUpdate\":{"u8);
        _frame.Raw(",\"status\":{\"state\":\""u8);
        _frame.Raw(state);
        _frame.Raw("\",\"message\":{"u8);
        _frame.Raw(_ids);
        _frame.Raw(","u8);
        _frame.Raw(form);
        End(output);
    }

    /// <summary>A state, with what there is to say of the end of a run.</summary>
    public void WriteState(ReadOnlySpan<byte> state, StreamEvent item, IMessageWriter output)
    {
        Begin("{\"statusUpdate\":{"u8);
        EndWithState(state, item, output);
    }

    /// <summary>The task as it is when it begins.</summary>
    public void WriteTask(ReadOnlySpan<byte> state, StreamEvent item, IMessageWriter output)
    {
        Begin("{\"task\":{"u8, WriteIds("id"u8, taskId, contextId));
        EndWithState(state, item, output);
    }

    /// <summary>The task as it stands.</summary>
    public void WriteTask(ReadOnlySpan<byte> task, IMessageWriter output)
    {
        _frame.Clear().Raw(envelope.Head.Span);
        _frame.Raw("{\"task\":"u8);
        _frame.Raw(task);
        _frame.Raw("}"u8);
        End(output);
    }

    public void WriteArtifact(bool append, bool isLast, ReadOnlySpan<byte> form, IMessageWriter output)
    {
        if (form.IsEmpty)
        {
            return;
        }

        BeginArtifact(append, isLast);
        _frame.Raw(form);
        End(output);
    }

    /// <summary>A piece of a text that is this stream's own affair, such as what is missing of it.</summary>
    public void WriteText(string artifactId, ReadOnlySpan<char> text, bool append, bool isLast, StreamEvent item, IMessageWriter output)
    {
        BeginArtifact(append, isLast);
        _frame.Raw("\"artifact\":"u8);
        var json = _frame.Restart();
        json.WriteStartObject();
        json.WriteString("artifactId"u8, artifactId);
        json.WriteStartArray("parts"u8);
        A2AParts.WriteText(json, text);
        json.WriteEndArray();
        json.WriteEndObject();
        _frame.Raw(",\"metadata\":"u8);
        WriteMetadata(item);
        _frame.Raw("}}"u8);
        End(output);
    }

    private static byte[] WriteIds(ReadOnlySpan<byte> name, string taskId, string contextId)
    {
        var ids = new JsonBuffer();
        ids.Json.WriteString(name, taskId);
        ids.Json.WriteString("contextId"u8, contextId);
        return ids.Written.ToArray();
    }

    private void BeginArtifact(bool append, bool isLast)
    {
        Begin("{\"artifactUpdate\":{"u8);
        _frame.Raw(append ? ",\"append\":true"u8 : ",\"append\":false"u8);
        _frame.Raw(isLast ? ",\"lastChunk\":true,"u8 : ",\"lastChunk\":false,"u8);
    }

    private void Begin(ReadOnlySpan<byte> kind, byte[]? ids = null)
    {
        _frame.Clear().Raw(envelope.Head.Span);
        _frame.Raw(kind);
        _frame.Raw(ids ?? _ids);
    }

    private void EndWithState(ReadOnlySpan<byte> state, StreamEvent item, IMessageWriter output)
    {
        _frame.Raw(",\"status\":"u8);
        WriteBareStatus(state, item);
        _frame.Raw(",\"metadata\":"u8);
        WriteMetadata(item);
        _frame.Raw("}}"u8);
        End(output);
    }

    private void End(IMessageWriter output)
    {
        _frame.Raw(envelope.Tail.Span);
        output.Write(_frame.Written.Span);
    }

    private void WriteBareStatus(ReadOnlySpan<byte> state, StreamEvent item)
    {
        var json = _frame.Restart();
        json.WriteStartObject();
        json.WriteString("state"u8, state);
        json.WriteString("timestamp"u8, ProtocolJson.Format(item.Time));
        json.WriteEndObject();
    }

    private void WriteMetadata(StreamEvent item)
    {
        var json = _frame.Restart();
        json.WriteStartObject();
        ProtocolJson.BeginMark(json, item);
        if (item.Type is "run.start" && AgentPayload.Of<RunStarted>(item) is { } start)
        {
            json.WriteString("kind"u8, start.Kind);
            json.WriteNumber("attempt"u8, start.Attempt);
        }
        else if (item.Type is "run.complete" && AgentPayload.Of<RunCompleted>(item) is { } end)
        {
            ProtocolJson.WriteEnd(json, end);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
