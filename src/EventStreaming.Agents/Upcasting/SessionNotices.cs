using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>What a session's nodes, workers and triggers tell, each event by itself.</summary>
internal static class SessionNotices
{
    public static bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        if ((OfNode(item) ?? OfTrigger(item)) is { } draft)
        {
            drafts.Add(draft);
            return true;
        }

        return false;
    }

    private static EventDraft? OfNode(in LegacyEvent item)
    {
        var data = item.Data;
        var node = item.Node ?? data.Words("node_id", "node") ?? item.Source ?? "node";
        return item.Type switch
        {
            "node_loop_started" => item.Draft(AgentEvents.LoopStarted, new LoopStarted(node, data.Int("max_iterations"))),
            "node_loop_iteration" => item.Draft(AgentEvents.LoopIteration, new LoopIteration(node, data.Int("iteration") ?? 1)),
            "node_loop_completed" => item.Draft(AgentEvents.LoopCompleted, new LoopCompleted(node, data.Int("iterations", "iteration") ?? 0)),
            "node_stalled" or "node_tool_doom_loop" =>
                item.Draft(AgentEvents.NodeStalled, new NodeStalled(node, data.Int("iteration"), data.Words("reason", "description", "message"))),
            "node_retry" =>
                item.Draft(AgentEvents.NodeRetry, new NodeRetry(node, data.Int("retry_count", "iteration", "attempt"), data.Words("error", "reason", "message"))),
            "node_action_plan" => Status(item, data.Words("plan", "message") ?? data.Find("plan")?.AsAnyText() ?? "Planning"),
            "worker_colony_loaded" or "worker_graph_loaded" =>
                Status(item, data.Words("message") ?? $"Loaded {data.Words("colony_name", "colony_id", "graph_id", "name") ?? "workers"}"),
            "colony_created" => Status(item, data.Words("message") ?? $"Created {data.Words("colony_name", "colony_id", "name") ?? "a colony"}"),
            _ => null,
        };
    }

    private static EventDraft? OfTrigger(in LegacyEvent item)
    {
        var type = item.Type switch
        {
            "trigger_available" => AgentEvents.TriggerAvailable,
            "trigger_activated" => AgentEvents.TriggerActivated,
            "trigger_deactivated" => AgentEvents.TriggerDeactivated,
            "trigger_fired" => AgentEvents.TriggerFired,
            "trigger_removed" => AgentEvents.TriggerRemoved,
            "trigger_updated" => AgentEvents.TriggerUpdated,
            _ => null,
        };
        return type is null ? null : item.Draft(type, new Trigger(item.Data.Words("trigger_id", "id", "name") ?? "trigger", item.Data.Words("name", "trigger_name")));
    }

    private static EventDraft Status(in LegacyEvent item, string message) => item.Draft(AgentEvents.Status, new Status(message));
}
