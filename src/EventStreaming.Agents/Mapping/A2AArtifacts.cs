using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What a task gives: an artifact's text is a message, its data and files are the run's result.</summary>
internal sealed class A2AArtifacts(ImportedRun run, Action<string> reject, int maxValueBytes)
{
    private const int MaxResultParts = 64;

    private readonly UsedIds _known = new(ImportBudget.MaxRemembered);
    private readonly List<JsonElement> _parts = [];
    private JsonElement? _own;

    /// <summary>What came of the run: the result that this package wrote there, else the one part that is no text, or a list of them; null when there is none.</summary>
    public JsonElement? Result => _own is not null ? _own : _parts.Count == 0 ? null : _parts.Count == 1 ? _parts[0] : JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var part in _parts)
        {
            part.WriteTo(writer);
        }

        writer.WriteEndArray();
    });

    /// <summary>Takes an <c>artifactUpdate</c>.</summary>
    public void Take(JsonElement update)
    {
        if (update.FindObject("artifact") is not { } artifact)
        {
            reject("An artifactUpdate has no artifact.");
            return;
        }

        switch (A2AMarkedEvents.TypeOf(update))
        {
            case "run.complete":
                _own = A2AParts.ValueOf(artifact) ?? _own;
                break;
            case "tool_call.complete":
                // What a call shows, which its own event has, too.
                break;
            default:
                Append(artifact, update.Flag("append"), update.Flag("last_chunk"));
                break;
        }
    }

    /// <summary>Takes from a task as it stands what did not come otherwise. Whether an artifact is complete a task does not say: more of it may come.</summary>
    /// <param name="artifact">One of the task's.</param>
    /// <param name="isMarked">Whether this package wrote the task.</param>
    public void Catch(JsonElement artifact, bool isMarked)
    {
        if (isMarked && artifact.Text("artifact_id") is "result")
        {
            _own = A2AParts.ValueOf(artifact);
        }
        else if (artifact.Words("artifact_id") is not { } id)
        {
            reject("An artifact has no artifactId.");
        }
        else if (run.FindText(id) is { } said)
        {
            if (A2AParts.TextOf(artifact) is var whole && whole.Length > said.Length && whole.StartsWith(said, StringComparison.Ordinal))
            {
                run.Append(id, whole[said.Length..]);
            }
        }
        else if (!_known.MayContain(id))
        {
            Append(artifact, append: false, isLast: false);
        }
    }

    private void Append(JsonElement artifact, bool append, bool isLast)
    {
        if (artifact.Words("artifact_id") is not { } id)
        {
            reject("An artifact has no artifactId.");
            return;
        }

        _known.Add(id);
        var text = A2AParts.TextOf(artifact);
        if (run.HasMessage(id) && !append)
        {
            // It is sent anew, and what was passed on of it cannot be taken back: that message ends, and another begins.
            run.EndMessage(id);
        }

        if (text.Length > 0)
        {
            if (!run.HasMessage(id))
            {
                run.StartMessage(id, "assistant");
            }

            if (!run.Append(id, text))
            {
                reject("Too many artifacts are being sent.");
            }
        }

        KeepOthers(artifact, id);
        if (isLast)
        {
            run.EndMessage(id);
        }
    }

    private void KeepOthers(JsonElement artifact, string id)
    {
        foreach (var part in A2AParts.OthersOf(artifact))
        {
            if (_parts.Count < MaxResultParts)
            {
                _parts.Add(A2AParts.Keep(part, id, artifact.Words("name"), maxValueBytes / MaxResultParts));
            }
        }
    }
}
