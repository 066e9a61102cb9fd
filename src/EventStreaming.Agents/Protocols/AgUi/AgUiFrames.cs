using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>Writes AG-UI events, each on a line: what they say depends on the event, its run and how that is shown, and on nothing that was sent before.</summary>
internal sealed partial class AgUiFrames : IDisposable
{
    private readonly IBufferWriter<byte> _output;
    private readonly StreamEvent? _source;
    private readonly string _run;
    private readonly string _prefix;
    private readonly string? _tag;
    private readonly Utf8JsonWriter _writer;
    private bool _hasLines;

    /// <param name="output">Where to write.</param>
    /// <param name="source">The event it comes from; null when it comes from a snapshot, or from none.</param>
    /// <param name="run">The run's key.</param>
    /// <param name="view">How the run is shown.</param>
    public AgUiFrames(IBufferWriter<byte> output, StreamEvent? source, string run, AgUiView view)
    {
        _output = output;
        _source = source;
        _run = run;
        (_prefix, _tag) = view == AgUiView.Subagent ? (run + "/", run) : (string.Empty, null);
        _writer = new Utf8JsonWriter(output, ProtocolJson.Options);
    }

    public void Dispose() => _writer.Dispose();

    public void RunStarted(RunStarted? start, DateTimeOffset? time = null)
    {
        Begin("RUN_STARTED"u8, isTagged: false, time);
        _writer.WriteString("protocolVersion"u8, "1.0"u8);
        WriteIfAny("parentRunId"u8, start?.ParentRunId);
        if (start is not null)
        {
            _writer.WriteStartObject("metadata"u8);
            WriteIfAny("kind"u8, start.Kind);
            _writer.WriteNumber("attempt"u8, start.Attempt);
            if (start.TotalSteps is { } steps)
            {
                _writer.WriteNumber("total_steps"u8, steps);
            }

            _writer.WriteEndObject();
        }

        End();
    }

    public void RunFinished(RunCompleted end)
    {
        Begin("RUN_FINISHED"u8, isTagged: false);
        _writer.WriteStartObject("outcome"u8);
        _writer.WriteString("type"u8, end.Outcome == RunOutcome.Cancelled ? "cancelled"u8 : "success"u8);
        _writer.WriteEndObject();
        WriteIfAny("result"u8, end.Result);
        if (end.Usage is { } usage)
        {
            _writer.WriteStartArray("usage"u8);
            _writer.WriteStartObject();
            WriteCount("inputTokens"u8, usage.InputTokens);
            WriteCount("outputTokens"u8, usage.OutputTokens);
            WriteCount("totalTokens"u8, usage.InputTokens < 0 || usage.OutputTokens < 0 ? -1 : unchecked(usage.InputTokens + usage.OutputTokens));
            _writer.WriteEndObject();
            _writer.WriteEndArray();
        }

        End();
    }

    public void RunError(string? code, string message)
    {
        Begin("RUN_ERROR"u8, isTagged: false);
        WriteIfAny("code"u8, code);
        _writer.WriteString("message"u8, message);
        End();
    }

    /// <param name="name">Who it is.</param>
    /// <param name="kind">What it does, or null.</param>
    /// <param name="parent">The subagent that started it; null for the run itself.</param>
    public void SubagentStarted(string name, string? kind, string? parent)
    {
        Begin("SUBAGENT_STARTED"u8);
        _writer.WriteString("name"u8, name);
        WriteIfAny("description"u8, kind);
        WriteIfAny("parentSubagentRunId"u8, parent);
        End();
    }

    public void SubagentFinished(RunCompleted end)
    {
        Begin("SUBAGENT_FINISHED"u8);
        _writer.WriteStartObject("outcome"u8);
        _writer.WriteString("type"u8, "success"u8);
        _writer.WriteEndObject();
        WriteIfAny("result"u8, end.Result);
        End();
    }

    /// <summary>It goes on elsewhere, or waits: it is only this stream that says no more of it.</summary>
    /// <param name="questions">What it waits for.</param>
    public void SubagentSuspended(IReadOnlyList<string> questions)
    {
        Begin("SUBAGENT_FINISHED"u8);
        _writer.WriteStartObject("outcome"u8);
        _writer.WriteString("type"u8, "suspended"u8);
        if (questions.Count > 0)
        {
            _writer.WriteStartArray("interruptIds"u8);
            foreach (var question in questions)
            {
                _writer.WriteStringValue(question);
            }

            _writer.WriteEndArray();
        }

        _writer.WriteEndObject();
        End();
    }

    public void SubagentError(string? code, string message)
    {
        Begin("SUBAGENT_ERROR"u8);
        WriteIfAny("code"u8, code);
        _writer.WriteString("message"u8, message);
        End();
    }

    public void StepStarted(string name)
    {
        Begin("STEP_STARTED"u8);
        _writer.WriteString("stepName"u8, name);
        End();
    }

    public void StepFinished(string name)
    {
        Begin("STEP_FINISHED"u8);
        _writer.WriteString("stepName"u8, name);
        End();
    }

    /// <summary>No event of its own, but one of a run's end: what is waited for.</summary>
    public void Interrupt(InputRequested question)
    {
        NextLine();
        _writer.WriteStartObject();
        _writer.WriteString("id"u8, question.Id);
        _writer.WriteString("reason"u8, question.ToolCallId is null ? "input_required"u8 : "tool_call"u8);
        WriteIfAny("message"u8, question.Prompt);
        if (question.ToolCallId is { } call)
        {
            _writer.WriteString("toolCallId"u8, call);
        }

        if (question.Schema is { ValueKind: JsonValueKind.Object } schema)
        {
            _writer.WritePropertyName("responseSchema"u8);
            schema.WriteTo(_writer);
        }

        WriteIfAny("subagentRunId"u8, _tag);
        End();
    }

    private void Begin(ReadOnlySpan<byte> type, bool isTagged = true, DateTimeOffset? time = null)
    {
        NextLine();
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        if ((_source?.Time ?? time) is { } at)
        {
            _writer.WriteNumber("timestamp"u8, at.ToUnixTimeMilliseconds());
        }

        if (_source is not null)
        {
            _writer.WriteStartObject("rawEvent"u8);
            _writer.WriteNumber("seq"u8, _source.Sequence);
            _writer.WriteString("type"u8, _source.Type);
            _writer.WriteEndObject();
        }

        if (isTagged)
        {
            WriteIfAny("subagentRunId"u8, _tag);
        }
    }

    private void NextLine()
    {
        if (_hasLines)
        {
            _output.Write("\n"u8);
            _writer.Reset();
        }

        _hasLines = true;
    }

    private void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
    }

    private void WriteIfAny(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            _writer.WriteString(name, value);
        }
    }

    private void WriteIfAny(ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (AgentPayload.IsAny(value))
        {
            _writer.WritePropertyName(name);
            value!.Value.WriteTo(_writer);
        }
    }

    private void WriteIfAny(ReadOnlySpan<byte> name, IReadOnlyList<JsonElement>? values)
    {
        if (values is { Count: > 0 })
        {
            _writer.WriteStartArray(name);
            foreach (var value in values)
            {
                value.WriteTo(_writer);
            }

            _writer.WriteEndArray();
        }
    }

    /// <summary>A count is a whole number that JavaScript can hold.</summary>
    private void WriteCount(ReadOnlySpan<byte> name, long value)
    {
        if (value is >= 0 and <= 9_007_199_254_740_991)
        {
            _writer.WriteNumber(name, value);
        }
    }
}
