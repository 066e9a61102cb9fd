using System.Text;
using EventStreaming.Agents.Tests.Upcasting;
using FsCheck;
using FsCheck.Fluent;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>Events whose types, ids and fields are drawn from few, so that they meet; some are cut off, twisted or no events at all.</summary>
internal static class HostileStreams
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "\"\"", "\"a\"", "\"\\ud83d\"", "\"\\ud83d\\ude00\"", "[]", "{}", "[{\"a\":1}]", "{\"text\":\"x\"}", "\"{\\\"q\\\":1}\"",
        "[{\"id\":\"a\",\"value\":\"x\"}]", "[{\"text\":\"x\"},{\"data\":{\"fraction\":0.5}}]", "[{\"op\":\"replace\",\"path\":\"/fraction\",\"value\":1}]",
        "[{\"id\":\"a\",\"role\":\"assistant\",\"content\":\"x\"},{\"id\":\"c\",\"role\":\"tool\",\"toolCallId\":\"a\",\"content\":\"y\"}]",
    ];

    private static readonly string[] LangGraphTypes =
    [
        .. from kind in (string[])["chain", "tool", "chat_model", "llm", "retriever"] from stage in (string[])["start", "stream", "end", "error"] select $"on_{kind}_{stage}", "on_custom_event", "on_x",
    ];

    private static readonly string[] AgUiTypes =
    [
        "RUN_STARTED", "RUN_FINISHED", "RUN_ERROR", "STEP_STARTED", "STEP_FINISHED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "TEXT_MESSAGE_CHUNK", "TOOL_CALL_START",
        "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT", "TOOL_CALL_CHUNK", "REASONING_START", "REASONING_MESSAGE_CONTENT", "THINKING_TEXT_MESSAGE_CONTENT", "STATE_SNAPSHOT",
        "STATE_DELTA", "MESSAGES_SNAPSHOT", "ACTIVITY_SNAPSHOT", "ACTIVITY_DELTA", "CUSTOM", "RAW", "SUBAGENT_STARTED", "SUBAGENT_FINISHED", "SUBAGENT_ERROR", "X",
    ];

    private static readonly string[] LegacyTypes = [.. LegacyNames.Rows.Select(static row => row.Name).Distinct(StringComparer.Ordinal), "x"];

    private static readonly string[] States = ["SUBMITTED", "WORKING", "COMPLETED", "FAILED", "CANCELED", "INPUT_REQUIRED", "REJECTED", "AUTH_REQUIRED", "X"];

    public static Arbitrary<string[]> LangGraph() => Streams(
        from type in Gen.Elements(LangGraphTypes)
        from id in Id
        from parents in Gen.Elements("[]", "[\"a\"]", "[\"a\",\"b\"]", "7")
        from data in Fields("input", "output", "chunk", "error", "message", "progress", "content")
        from metadata in Gen.Elements("{}", "{\"langgraph_node\":\"a\",\"langgraph_step\":1}", "null")
        from name in Id
        select $$"""{"event":"{{type}}","run_id":{{id}},"name":{{name}},"metadata":{{metadata}},"data":{{data}},"parent_ids":{{parents}}}""");

    public static Arbitrary<string[]> A2A() => Streams(
        from kind in Gen.Elements("task", "statusUpdate", "artifactUpdate", "message", "error", "x")
        from id in Id
        from state in Gen.Elements(States)
        from more in Fields("messageId", "parts", "role", "metadata", "code", "artifacts", "history")
        from parts in Gen.Elements(Values)
        from flags in Gen.Elements("\"append\":true", "\"lastChunk\":true", "\"append\":true,\"lastChunk\":true", "\"x\":1")
        select kind is "message"
            ? $$"""{"message":{{more}}}"""
            : $$"""{"{{kind}}":{"id":{{id}},"contextId":{{id}},"status":{"state":"TASK_STATE_{{state}}","message":{{more}} },"artifact":{"artifactId":{{id}},"parts":{{parts}} },{{flags}} } }""");

    public static Arbitrary<string[]> AgUi() => Streams(
        from type in Gen.Elements(AgUiTypes)
        from id in Id
        from subagent in Gen.Frequency((4, Gen.Constant(string.Empty)), (1, Gen.Constant(",\"subagentRunId\":\"a\"")), (1, Gen.Constant(",\"subagentRunId\":\"b\"")))
        from name in Id
        from fields in Fields("delta", "content", "snapshot", "patch", "messages", "value", "result", "input", "usage")
        from outcome in Gen.Elements("null", "{\"type\":\"interrupt\",\"interrupts\":[{\"id\":\"a\"}]}", "{\"type\":\"success\"}", "{\"type\":\"cancelled\"}", "{\"type\":\"interrupt\"}")
        select $$"""{"type":"{{type}}","messageId":{{id}},"toolCallId":{{id}},"toolCallName":{{name}},"stepName":{{name}},"name":{{name}},"threadId":{{id}},"outcome":{{outcome}}{{subagent}},{{fields[1..]}}""");

    public static Arbitrary<string[]> Legacy() => Streams(
        from type in Gen.Elements(LegacyTypes)
        from id in Id
        from fields in Fields("step", "response", "error", "action", "content", "prompt", "duration", "variables", "repositories", "result", "tokens", "sub_steps", "output", "data")
        from run in Gen.Elements("\"r1\"", "\"r2\"", "null", "7")
        select $$"""{"type":"{{type}}","run_id":{{run}},"stream_id":{{id}},"node_id":{{id}},"data":{"tool_use_id":{{id}},"promptId":{{id}},{{fields[1..]}} }""");

    private static Gen<string> Id => Gen.Elements("\"a\"", "\"b\"", "\"c\"", "\"a\"", "null", "7", "\"\"", "\"" + new string('x', 300) + "\"");

    private static Gen<string> Fields(params string[] names) =>
        from values in Gen.ArrayOf(Gen.Elements(Values), names.Length)
        select "{" + string.Join(',', names.Zip(values, static (name, value) => $"\"{name}\":{value}")) + "}";

    private static Arbitrary<string[]> Streams(Gen<string> events)
    {
        var hostile = Gen.Frequency(
            (20, events),
            (1, from item in events from length in Gen.Choose(0, 200) select item[..Math.Min(length, item.Length)]),
            (1, Gen.Elements("", "[DONE]", "null", "7", "[]", "{}", "{\"a\":\"\\", new string('[', 100))));
        return Arb.From(Gen.Resize(hostile.ArrayOf(), 60), static stream => from at in Enumerable.Range(0, stream.Length) select stream.Where((_, index) => index != at).ToArray());
    }

    public static byte[] Bytes(string item) => Encoding.UTF8.GetBytes(item);
}
