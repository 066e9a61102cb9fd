using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What models say and think, and what that used.</summary>
internal sealed class LangGraphModels(ImportedRun run, Action<string> reject, int maxOpen)
{
    private readonly Dictionary<string, LangGraphModel> _open = new(StringComparer.Ordinal);

    public void Start(LangGraphSource source)
    {
        if (_open.Count < maxOpen)
        {
            _open[source.Id] = new LangGraphModel();
        }
    }

    /// <summary>A message begins with its first text: a model that only calls tools, or only thinks, says nothing.</summary>
    public void Stream(LangGraphSource source)
    {
        var chunk = LangChainMessage.Unwrap(source.Data.Find("chunk") ?? default);
        if (chunk.ValueKind is not (JsonValueKind.Object or JsonValueKind.String))
        {
            reject("A model's chunk is missing.");
            return;
        }

        if (LangChainMessage.ReasoningOf(chunk) is { Length: > 0 } thought)
        {
            run.Think($"{source.Id}-reasoning", thought, source.ParentId);
            Find(source).HasThought = true;
        }

        if (LangChainMessage.TextOf(chunk) is { Length: > 0 } text)
        {
            if (!run.HasMessage(source.Id))
            {
                run.StartMessage(source.Id, "assistant", source.ParentId);
            }

            Require(run.Append(source.Id, text));
        }

        Find(source).Count(LangChainMessage.UsageOf(chunk));
    }

    /// <summary>It failed; what it has said so far it has said.</summary>
    public void Abandon(LangGraphSource source)
    {
        run.EndMessage(source.Id);
        _open.Remove(source.Id);
    }

    public void End(LangGraphSource source)
    {
        _open.Remove(source.Id, out var model);
        var output = LangChainMessage.Unwrap(source.Data.Find("output") ?? default);
        if (model is not { HasThought: true } && LangChainMessage.ReasoningOf(output) is { Length: > 0 } thought)
        {
            run.Think($"{source.Id}-reasoning", thought, source.ParentId);
        }

        var whole = LangChainMessage.TextOf(output);
        if (run.HasMessage(source.Id))
        {
            run.EndMessage(source.Id, whole.Length > 0 ? whole : null);
        }
        else if (whole.Length > 0)
        {
            Require(run.Speak(source.Id, "assistant", whole, source.ParentId));
        }

        var (read, written) = LangChainMessage.UsageOf(output);
        run.AddUsage(read ?? model?.Read, written ?? model?.Written);
    }

    private LangGraphModel Find(LangGraphSource source)
    {
        if (!_open.ContainsKey(source.Id))
        {
            Start(source);
        }

        return _open.GetValueOrDefault(source.Id) ?? new LangGraphModel();
    }

    private void Require(bool taken)
    {
        if (!taken)
        {
            reject("Too many messages are being written.");
        }
    }
}
