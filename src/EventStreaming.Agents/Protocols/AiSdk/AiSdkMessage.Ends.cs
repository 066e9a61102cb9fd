using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <content>How it ends: with its run, or where it stops for an answer.</content>
internal sealed partial class AiSdkMessage
{
    /// <summary>Asks when nothing else is at work: a client sends no answer while any of the step's calls has no output.</summary>
    private void StopForApproval(EventCursor cursor)
    {
        if (_approvals.Count == 0 || !_tools.All(_approvals.ContainsKey))
        {
            return;
        }

        foreach (var request in _approvals.Values)
        {
            AiSdkChunks.WriteApproval(writer.Begin(), request);
            writer.End();
        }

        Stop(cursor);
    }

    /// <summary>The client answers with its next request, and does not send it before this stream has ended.</summary>
    private void Stop(EventCursor cursor)
    {
        var place = new AiSdkStreamPlace(cursor, Texts.Lengths, [.. _tools]);
        Texts.End();
        writer.Chunk("finish-step"u8);
        var json = BeginFinish("tool-calls"u8);
        json.WriteStartObject("eventstreaming"u8);
        place.Write(json);
        EndFinish(json);
    }

    private void End(bool isCancelled, AgentError? error, StreamEvent? item, RunCompleted? end)
    {
        Texts.End();
        foreach (var id in _tools)
        {
            // Or it would look as if it were still at work, for ever.
            AiSdkChunks.WriteToolError(writer.Begin(), id, ToolCallEnd.RunHasEnded);
            writer.End();
        }

        if (error is not null)
        {
            AiSdkChunks.WriteError(writer.Begin(), error.Message);
            writer.End();
        }

        writer.Chunk("finish-step"u8);
        if (isCancelled)
        {
            writer.Chunk("abort"u8);
            writer.Done();
            IsOver = true;
            return;
        }

        var json = BeginFinish(error is null ? "stop"u8 : "error"u8);
        if (item is null)
        {
            json.WriteStartObject("eventstreaming"u8);
        }
        else
        {
            ProtocolJson.BeginMark(json, item);
        }

        ProtocolJson.WriteIfAny(json, "code"u8, error?.Code);
        if (end is not null)
        {
            ProtocolJson.WriteEnd(json, end);
        }

        EndFinish(json);
    }

    private Utf8JsonWriter BeginFinish(ReadOnlySpan<byte> reason)
    {
        var json = writer.Begin();
        json.WriteStartObject();
        json.WriteString("type"u8, "finish"u8);
        json.WriteString("finishReason"u8, reason);
        json.WriteStartObject("messageMetadata"u8);
        return json;
    }

    private void EndFinish(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        writer.End();
        writer.Done();
        IsOver = true;
    }
}
