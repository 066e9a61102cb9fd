using System.Text.Json;
using EventStreaming.Agents.Mapping;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>Reads an AG-UI stream, 1.0 or before.</summary>
/// <remarks>
/// A tool call is passed on when its arguments are complete. State, and custom events without a word here, are passed on as <c>state.snapshot</c>,
/// <c>state.delta</c> and <c>custom.NAME</c>, which <see cref="AgentEvents"/> does not declare: to the bus they are not critical, so a viewer who is too slow may miss some, and is
/// told of the gap. Who must have all of the state declares both in a catalog of its own as critical. A subagent is a worker with a run of its own. A run that
/// ends in an interrupt asks for input and waits: the stream of the run that resumes it goes on with it.
/// </remarks>
/// <param name="options">How the run appears here; null for the defaults.</param>
public sealed class AgUiEventMapper(EventMapperOptions? options = null) : EventMapper(options)
{
    private readonly AgUiSubagents _subagents = new();
    private readonly AgUiActivities _activities = new();
    private readonly Dictionary<ImportedRun, AgUiConversation> _conversations = [];

    internal override EventImportFormat DefaultFormat => EventImportFormat.ServerSentEvents;

    internal override string Expected => "AG-UI's: objects with a 'type', the first RUN_STARTED";

    private protected override void MapItem(JsonElement item, string? eventType)
    {
        if (item.Words("type") is not { } type)
        {
            Reject("An event has no 'type'.");
            return;
        }

        if (type is "RUN_STARTED")
        {
            Begin(item);
            return;
        }

        Run.Start("ag-ui");
        var run = RunOf(item);
        var talk = TalkOf(run);
        talk.CloseChunks(type, item);
        if (!TryMapRun(type, item, run) && !TryMapParts(type, item, run, talk))
        {
            Ignored++;
        }
    }

    private protected override void FailCore(AgentError error)
    {
        _subagents.EndAll(Run.Drafts, error.Message);
        EndConversations();
        base.FailCore(error);
    }

    private protected override void CancelCore()
    {
        _subagents.EndAll(Run.Drafts, reason: null);
        EndConversations();
        base.CancelCore();
    }

    private void Begin(JsonElement item)
    {
        NameRemote(item.Words("run_id"));
        Run.NameSession(item.Words("thread_id"));
        if (State is EventMapperState.Waiting)
        {
            Answer(item.FindObject("input"));
            Run.Resume();
        }

        var about = item.FindObject("metadata") ?? default;
        Run.Start(about.Words("kind") ?? "ag-ui", item.Kept("input"), about.Int("total_steps"), about.Int("attempt") ?? 1);
        foreach (var message in AgUiConversation.MessagesOf(item.FindObject("input") ?? default))
        {
            TalkOf(Run).Know(message);
        }
    }

    /// <summary>The answers, where the run that resumes repeats what it was asked to do.</summary>
    private void Answer(JsonElement? input)
    {
        foreach (var entry in (input ?? default).Each("resume"))
        {
            if (entry.Words("interrupt_id") is { } id)
            {
                Run.Answer(id, entry.Text("status") is "cancelled" ? null : entry.Find("payload") ?? JsonText.OfContent("{}"));
            }
        }
    }

    private ImportedRun RunOf(JsonElement item) => item.Words("subagent_run_id") is { } id && _subagents.Find(id) is { } subagent ? subagent : Run;

    private AgUiConversation TalkOf(ImportedRun run)
    {
        run.Drafts = Run.Drafts;
        if (!_conversations.TryGetValue(run, out var talk))
        {
            talk = new AgUiConversation(run, Reject, Options);
            _conversations.Add(run, talk);
        }

        return talk;
    }

    private void EndConversations()
    {
        foreach (var talk in _conversations.Values)
        {
            talk.End();
        }
    }

    private bool TryMapRun(string type, JsonElement item, ImportedRun run)
    {
        switch (type)
        {
            case "RUN_FINISHED":
                CountUsage(item);
                Finish(item);
                return true;
            case "RUN_ERROR":
                CountUsage(item);
                FailCore(new AgentError(item.Words("code") ?? "run_error", item.Words("message") ?? "The run failed."));
                return true;
            case "STEP_STARTED":
                Require(item.Words("step_name") is { } started && run.StartStep(started, started), "A step has no name, or began twice.");
                return true;
            case "STEP_FINISHED":
                Require(item.Words("step_name") is { } finished && run.EndStep(finished), "A step ended that had not begun.");
                return true;
            case "SUBAGENT_STARTED":
                Require(_subagents.Start(item, Run, Options), "A subagent has no id, began twice, or too many are at work.");
                return true;
            case "SUBAGENT_FINISHED" or "SUBAGENT_ERROR":
                if (ReferenceEquals(run, Run))
                {
                    Reject("A subagent ended that had not begun.");
                    return true;
                }

                TalkOf(run).End();
                Require(_subagents.End(type, item, run), "A subagent was suspended twice.");
                if (run.State is EventMapperState.Ended)
                {
                    _conversations.Remove(run);
                }

                return true;
            case "STATE_SNAPSHOT":
                run.Pass("state.snapshot", item.Find("snapshot") ?? default);
                return true;
            case "STATE_DELTA":
                run.Pass("state.delta", item.Find("delta") ?? default);
                return true;
            case "ACTIVITY_SNAPSHOT" or "ACTIVITY_DELTA":
                Require(_activities.Map(type, item, run), "An activity has no messageId or content.");
                return true;
            case "CUSTOM":
                Require(item.Words("name") is { } name && CustomEvents.Map(name, item.Find("value"), run), "A custom event has no name, or one that is none.");
                return true;
            default:
                return false;
        }
    }

    private bool TryMapParts(string type, JsonElement item, ImportedRun run, AgUiConversation talk)
    {
        switch (type)
        {
            case "MESSAGES_SNAPSHOT":
                foreach (var message in AgUiConversation.MessagesOf(item))
                {
                    (message.Find("subagent_run_id") is null ? talk : TalkOf(RunOf(message))).Catch(message);
                }

                return true;
            case "RAW" or "REASONING_ENCRYPTED_VALUE":
                return false;
            default:
                return talk.TryMapText(type, item) || talk.TryMapTool(type, item) || talk.TryMapReasoning(type, item);
        }
    }

    private void Finish(JsonElement item)
    {
        var outcome = item.FindObject("outcome");
        EndConversations();
        switch (outcome?.Text("type"))
        {
            case "interrupt":
                Interrupt(outcome.Value);
                break;
            case "cancelled":
                CancelCore();
                break;
            default:
                _subagents.EndAll(Run.Drafts, reason: null);
                TalkOf(Run).LeaveToCaller();
                Run.Complete(RunOutcome.Success, item.Kept("result"));
                break;
        }
    }

    private void Interrupt(JsonElement outcome)
    {
        var count = 0;
        foreach (var interrupt in outcome.Each("interrupts"))
        {
            count++;
            var id = interrupt.Words("id");
            Require(
                id is not null && Run.Ask(id, interrupt.Words("message", "reason") ?? "Input is needed.", interrupt.Kept("response_schema"), Run.FindTool(interrupt.Words("tool_call_id"))),
                "An interrupt has no id, or came twice.");
        }

        if (count == 0)
        {
            Reject("A run was interrupted without an interrupt.");
        }

        Run.Wait();
    }

    private void CountUsage(JsonElement item)
    {
        foreach (var usage in item.Each("usage"))
        {
            Run.AddUsage(usage.Integer("input_tokens"), usage.Integer("output_tokens"));
        }
    }
}
