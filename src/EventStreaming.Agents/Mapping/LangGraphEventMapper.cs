using System.Text.Json;
using EventStreaming.Agents.Mapping;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>Reads what LangChain's and LangGraph's <c>astream_events(version="v2")</c> gives, one JSON object a line.</summary>
/// <remarks>
/// The root chain is the run; a graph's nodes are its steps; tools are tool calls, models messages and reasoning, retrievers searches; a custom event is
/// progress if it says how much is done, else a status. Other chains, prompts and parsers are not passed on. What happens within a tool has the call as
/// <see cref="EventDraft.ParentId"/>. A graph that interrupts itself asks for input and waits: its next stream goes on with the run.
/// <para>Do not filter the root chain away: a stream that ends without its end has failed.</para>
/// <para>
/// Write each event with <c>json.dumps(event, default=…)</c>, messages as dictionaries (<c>model_dump</c>) or as LangChain's own <c>dumpd</c>; of LangChain.js' <c>streamEvents</c>,
/// version v2, with <c>JSON.stringify</c>. A graph that fails raises its error and says no event of it: to tell the viewers what it was, catch it and write
/// <c>{"event":"on_chain_error","run_id":…,"data":{"error":…}}</c> with the <c>run_id</c> of the first event. Otherwise they are told that the stream ended.
/// </para>
/// </remarks>
/// <param name="options">How the run appears here; null for the defaults.</param>
public sealed class LangGraphEventMapper(EventMapperOptions? options = null) : EventMapper(options)
{
    private LangGraphModels? _models;
    private string? _root;
    private bool _isInterrupted;

    internal override EventImportFormat DefaultFormat => EventImportFormat.JsonLines;

    internal override string Expected => "that of astream_events, version v2: objects with an 'event', such as on_chain_start, and a 'run_id'";

    private LangGraphModels Models => _models ??= new LangGraphModels(Run, Reject, Options.MaxOpen);

    private protected override void MapItem(JsonElement item, string? eventType)
    {
        if (item.Words("event") is not { } type || item.Words("run_id") is not { } id)
        {
            Reject("An event has no 'event' or no 'run_id'.");
            return;
        }

        var source = new LangGraphSource(item, id, Run);
        Begin(type, source);
        switch (type)
        {
            case "on_tool_start":
                Require(Run.StartTool(id, source.Name, source.Node, source.Input, source.ParentId), "A tool began twice, or too many are at work.");
                break;
            case "on_tool_end":
                EndTool(source);
                break;
            case "on_tool_error":
                Require(source.IsInterrupt ? Run.EndTool(id, summary: ImportedRun.BegunAnew) : Run.EndTool(id, source.Error), "A tool failed that had not begun.");
                break;
            case "on_chat_model_start" or "on_llm_start":
                Models.Start(source);
                break;
            case "on_chat_model_stream" or "on_llm_stream":
                Models.Stream(source);
                break;
            case "on_chat_model_end" or "on_llm_end":
                Models.End(source);
                break;
            case "on_chat_model_error" or "on_llm_error":
                Models.Abandon(source);
                ReportUnlessRoot("model_error", source);
                break;
            default:
                if (!TryMapGraph(type, source))
                {
                    Ignored++;
                }

                break;
        }

        End(type, source);
    }

    private bool TryMapGraph(string type, LangGraphSource source)
    {
        switch (type)
        {
            case "on_chain_start":
                if (!source.IsRoot(_root) && source.IsNode)
                {
                    Require(Run.StartStep(source.Id, source.Name, source.Step, source.ParentId), "A node began twice, or too many are at work.");
                }

                return true;
            case "on_chain_end":
                Run.EndStep(source.Id);
                return true;
            case "on_chain_error":
                ReportUnlessRoot("node_error", source);
                Run.EndStep(source.Id);
                return true;
            case "on_chain_stream":
                Interrupt(source);
                return true;
            case "on_retriever_start":
                Require(Run.StartSearch(source.Id, source.Name, source.Data.FindObject("input")?.Words("query") ?? source.Data.Words("input"), source.ParentId), "A search began twice, or too many are at work.");
                return true;
            case "on_retriever_end":
                var documents = LangGraphDocuments.Read(source.Data.Find("output"));
                Require(Run.EndSearch(source.Id, documents.Count, documents), "A search ended that had not begun.");
                return true;
            case "on_retriever_error":
                Run.EndSearch(source.Id);
                ReportUnlessRoot("retriever_error", source);
                return true;
            case "on_custom_event":
                LangGraphCustomEvent.Map(source, Run);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The first that begins and is part of nothing is the run; if that was filtered out upstream, the run begins with what there is.</summary>
    private void Begin(string type, LangGraphSource source)
    {
        if (State is EventMapperState.Waiting && source.HasNoParent && type.EndsWith("_start", StringComparison.Ordinal))
        {
            _root = source.Id;
            NameRemote(_root);
            _isInterrupted = false;
            Run.Resume();
        }
        else if (State is EventMapperState.NotStarted)
        {
            var isRoot = source.HasNoParent && type.EndsWith("_start", StringComparison.Ordinal);
            _root = isRoot ? source.Id : null;
            if (isRoot)
            {
                NameRemote(_root);
                Run.NameSession(source.Metadata?.Words("thread_id"));
            }

            Run.Start(isRoot ? source.Name : "langgraph", isRoot ? source.Input : null);
        }
    }

    private void End(string type, LangGraphSource source)
    {
        // Without a start that was seen, the root is whatever ends and is part of nothing: a node or tool that was filtered has a parent.
        var isRoot = source.IsRoot(_root) || (_root is null && source.IsOutermost && type.StartsWith("on_chain_", StringComparison.Ordinal));
        if (!isRoot)
        {
            return;
        }

        if (type.EndsWith("_error", StringComparison.Ordinal))
        {
            Run.Fail(new AgentError("agent_error", source.Error, Details: source.Data.Rest("error", "input")));
        }
        else if (type.EndsWith("_end", StringComparison.Ordinal))
        {
            Interrupt(source);
            if (_isInterrupted)
            {
                Run.Suspend();
            }
            else
            {
                Run.Complete(RunOutcome.Success, source.Data.Kept("output"));
            }
        }
    }

    private void EndTool(LangGraphSource source)
    {
        var output = source.Data.Find("output") is { } given ? LangChainMessage.Unwrap(given) : default;
        var isMessage = output.ValueKind is JsonValueKind.Object && output.Find("tool_call_id") is not null && output.Find("content") is not null;
        var text = isMessage ? LangChainMessage.TextOf(output) : null;
        var error = isMessage && output.Text("status") is "error" ? text : null;
        var result = isMessage
            ? output.Kept("artifact") ?? JsonText.OfContent(text is { Length: > 0 } ? text : output.Find("content")!.Value.AsAnyText())
            : output.ValueKind is JsonValueKind.String ? JsonText.OfContent(output.AsText()!) : output;
        Require(Run.EndTool(source.Id, error, result.ValueKind is JsonValueKind.Undefined ? null : result), "A tool ended that had not begun.");
    }

    private void Interrupt(LangGraphSource source)
    {
        var payload = source.Data.FindObject("chunk") ?? source.Data.FindObject("output");
        if (payload?.Find("__interrupt__") is not { ValueKind: JsonValueKind.Array } interrupts)
        {
            return;
        }

        foreach (var interrupt in interrupts.EnumerateArray())
        {
            var value = interrupt.Find("value");
            var key = interrupt.Words("id", "interrupt_id") ?? $"{source.Id}-interrupt";
            _isInterrupted = true;
            Run.Ask(key, value?.Words("question", "prompt", "message") ?? value?.AsAnyText() ?? "Input is needed.", value?.Kept("schema", "response_schema"));
        }
    }

    private void ReportUnlessRoot(string code, LangGraphSource source)
    {
        if (!source.IsRoot(_root))
        {
            Run.Report(code, $"{source.Name}: {source.Error}", stepId: Run.FindStep(source.Id));
        }
    }
}
