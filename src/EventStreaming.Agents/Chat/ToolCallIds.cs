using System.Runtime.CompilerServices;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Chat;

/// <summary>The ids of tool calls, made of those that models give them. Thread-safe.</summary>
internal static class ToolCallIds
{
    /// <summary>How many are remembered of a run, so that none is given twice. Behind that they are random.</summary>
    private const int MaxRemembered = 10_000;

    // Of a run rather than of a client: several clients may speak in one, and models count their calls from one each.
    private static readonly ConditionalWeakTable<AgentRun, UsedIds> s_used = [];

    /// <summary>The id of a call in a run: always the same for the first call of the model's id, and new for each further one.</summary>
    public static Guid New(AgentRun run, string callId)
    {
        if (callId.Length == 0)
        {
            return Guid.CreateVersion7();
        }

        var id = NamedGuid.Of(run.RunId, callId);
        var used = s_used.GetValue(run, static _ => new UsedIds(MaxRemembered));
        lock (used)
        {
            return used.Add(id.ToString()) ? id : Guid.CreateVersion7();
        }
    }
}
