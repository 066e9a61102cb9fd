using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Mapping;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>Reads an A2A 1.0 stream: what <c>message:stream</c> and <c>tasks/{id}:subscribe</c> give, as HTTP+JSON or in JSON-RPC's envelope.</summary>
/// <remarks>
/// The task is the run; artifacts' texts are messages, their data and files the run's result; a status' message is a status, or the last word of a task
/// that is done. A task that needs input or credentials asks for them and waits: the stream that follows goes on with the run. The 0.3 form, with
/// <c>kind</c>, is read as well.
/// </remarks>
/// <param name="options">How the run appears here; null for the defaults.</param>
public sealed class A2AEventMapper(EventMapperOptions? options = null) : EventMapper(options)
{
    private readonly UsedIds _said = new(ImportBudget.MaxRemembered);
    private A2AArtifacts? _artifacts;
    private int _questions;

    internal override EventImportFormat DefaultFormat => EventImportFormat.ServerSentEvents;

    internal override string Expected => "A2A's: objects with a 'task', 'statusUpdate', 'artifactUpdate' or 'message'";

    private A2AArtifacts Artifacts => _artifacts ??= new A2AArtifacts(Run, Reject, Options.MaxValueBytes);

    private protected override void MapItem(JsonElement item, string? eventType)
    {
        if (item.FindObject("error") is { } error && item.Find("result") is null)
        {
            // JSON-RPC's error, and google.rpc.Status's, which HTTP+JSON has.
            Run.Fail(new AgentError(error.Words("status", "code") ?? "a2a_error", error.Words("message") ?? "The agent refused.", Details: error.Kept("data", "details")));
            return;
        }

        var (kind, body) = Unwrap(item.FindObject("result") ?? item);
        switch (kind)
        {
            case "task":
                OnTask(body);
                break;
            case "status-update":
                OnStatus(body);
                break;
            case "artifact-update":
                Begin(body);
                Artifacts.Take(body);
                break;
            case "message":
                OnMessage(body);
                break;
            default:
                Reject("It has no task, message, statusUpdate or artifactUpdate.");
                break;
        }
    }

    /// <summary>What a response holds: 1.0 names it by the field that it is in, 0.3 by its <c>kind</c>.</summary>
    private static (string? Kind, JsonElement Body) Unwrap(JsonElement response) =>
        response.FindObject("task") is { } task ? ("task", task)
        : response.FindObject("status_update") is { } status ? ("status-update", status)
        : response.FindObject("artifact_update") is { } artifact ? ("artifact-update", artifact)
        : response.FindObject("message") is { } message ? ("message", message)
        : (response.Text("kind"), response);

    private static string StateOf(JsonElement status)
    {
        var state = (status.Text("state") ?? string.Empty).ToLowerInvariant().Replace('-', '_');
        return state.StartsWith("task_state_", StringComparison.Ordinal) ? state["task_state_".Length..] : state;
    }

    private void Begin(JsonElement json, JsonElement? input = null)
    {
        NameRemote(json.Words("task_id", "id"));
        if (State is EventMapperState.NotStarted)
        {
            Run.NameSession(json.Words("context_id"));
            var mark = A2AMarkedEvents.MarkOf(json) ?? default;
            Run.Start(mark.Words("kind") ?? "a2a", input, totalSteps: null, mark.Int("attempt") ?? 1);
        }
    }

    private void OnTask(JsonElement task)
    {
        Begin(task, task.Each("history").LastOrDefault(static message => message.Text("role") is "ROLE_USER" or "user") is { ValueKind: JsonValueKind.Object } asked ? asked : null);

        // A task that is subscribed to has what it gave so far.
        var isMarked = A2AMarkedEvents.MarkOf(task) is not null;
        foreach (var artifact in task.Each("artifacts"))
        {
            Artifacts.Catch(artifact, isMarked);
        }

        if (task.FindObject("status") is { } status)
        {
            OnState(task, status);
        }
        else
        {
            Reject("A task has no status.");
        }
    }

    private void OnStatus(JsonElement update)
    {
        Begin(update);
        if (update.FindObject("status") is { } status)
        {
            OnState(update, status);
        }
        else
        {
            Reject("A statusUpdate has no status.");
        }
    }

    private void OnState(JsonElement update, JsonElement status)
    {
        var message = status.FindObject("message");
        var text = message is { } given ? A2AParts.TextOf(given) : string.Empty;
        var state = StateOf(status);
        if (state is "working" or "input_required" or "auth_required" && A2AMarkedEvents.TryMap(update, message, Run))
        {
            if (state is "working")
            {
                Run.Resume();
            }
            else
            {
                Run.Wait();
            }

            return;
        }

        if (state is not ("input_required" or "auth_required"))
        {
            Run.Resume();
        }

        switch (state)
        {
            case "submitted" or "working":
                OnWork(message, text);
                break;
            case "input_required":
                Run.Ask(Question(update, message), text.Length > 0 ? text : "Input is needed.", message is { } asked ? A2AParts.SchemaOf(asked) : null);
                Run.Wait();
                break;
            case "auth_required":
                RequireCredentials(update, message, text);
                Run.Wait();
                break;
            case "completed":
                CountUsage(update);
                Speak(message, text);
                Run.Complete(RunOutcome.Success, Artifacts.Result);
                break;
            case "canceled" or "cancelled":
                CountUsage(update);
                Run.Complete(RunOutcome.Cancelled, Artifacts.Result, text.Length > 0 ? text : null);
                break;
            case "failed" or "rejected":
                Run.Fail(new AgentError(
                    (A2AMarkedEvents.TypeOf(update) is "error" && message is { } own ? A2AParts.DataOf(own)?.Words("code") : null) ?? $"task_{state}", text.Length > 0 ? text : $"The agent {(state is "failed" ? "failed" : "rejected the task")}.", Details: DetailsOf(update, message)));
                break;
            default:
                Reject($"'{ShortText.Of(state, 64)}' is no state of a task.");
                break;
        }
    }

    private static JsonElement? DetailsOf(JsonElement update, JsonElement? message) =>
        message is { } failed && A2AParts.DataOf(failed) is { } data ? A2AMarkedEvents.TypeOf(update) is "error" ? data.Kept("details") : data : null;

    private void CountUsage(JsonElement update)
    {
        var usage = A2AMarkedEvents.MarkOf(update)?.FindObject("usage") ?? default;
        Run.AddUsage(usage.Integer("in"), usage.Integer("out"));
    }

    private void OnWork(JsonElement? message, string text)
    {
        if (message is not { } given)
        {
            return;
        }

        if (A2AParts.DataOf(given) is { } data && LangGraphCustomEvent.ReadProgress(data, "working") is { } progress)
        {
            Run.Tell(text.Length > 0 && progress.Message is null ? progress with { Message = text } : progress);
        }
        else
        {
            Run.Say(text);
        }
    }

    private string Question(JsonElement update, JsonElement? message) =>
        message?.Words("message_id") ?? string.Create(CultureInfo.InvariantCulture, $"{update.Words("task_id", "id") ?? "task"}-{++_questions}");

    private void RequireCredentials(JsonElement update, JsonElement? message, string text)
    {
        var metadata = message?.FindObject("metadata") ?? update.FindObject("metadata") ?? default;
        Run.Pass(AgentEvents.CredentialsRequired.Name, new CredentialsRequired(
            metadata.Words("provider", "scheme", "service") is { Length: <= 256 } provider ? provider : "agent", text.Length is > 0 and <= 4_096 ? text : null));
    }

    private void OnMessage(JsonElement message)
    {
        Begin(message);
        Run.Resume();
        Speak(message, A2AParts.TextOf(message));
        Run.Complete(RunOutcome.Success, A2AParts.DataOf(message));
    }

    private void Speak(JsonElement? message, string text)
    {
        var id = message?.Words("message_id") ?? "message";
        if (text.Length > 0 && _said.Add(id))
        {
            Run.Speak(id, message?.Text("role") is "ROLE_USER" or "user" ? "user" : "assistant", text);
        }
    }
}
