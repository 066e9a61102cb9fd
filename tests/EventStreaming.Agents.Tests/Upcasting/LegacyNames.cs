namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Every legacy name, and what becomes of it: the names of runs by steps, of sessions with workers and of chains of prompts.</summary>
internal static class LegacyNames
{
    /// <summary>The names as those who sent them wrote them down; each has a row below.</summary>
    public static readonly string[] OfSteps =
    [
        "step_started", "step_response", "step_complete", "action_executed", "step_thinking", "thread_created", "run_start", "message", "run_complete", "error",
    ];

    /// <inheritdoc cref="OfSteps"/>
    public static readonly string[] OfSessions =
    [
        "client_output_delta", "client_input_requested", "client_input_received", "llm_text_delta", "tool_call_started", "tool_call_completed", "execution_started", "execution_completed",
        "execution_failed", "execution_paused", "node_loop_started", "node_loop_iteration", "node_loop_completed", "llm_turn_complete", "node_action_plan", "goal_progress",
        "node_internal_output", "node_stalled", "node_retry", "node_tool_doom_loop", "context_compacted", "context_usage_updated", "worker_colony_loaded", "colony_created",
        "credentials_required", "subagent_report", "queen_phase_changed", "trigger_available", "trigger_activated", "trigger_deactivated", "trigger_fired", "trigger_removed", "trigger_updated",
        "worker_graph_loaded",

        // Not in the lists of what is sent to viewers by default, but of the same family.
        "execution_resumed", "client_reasoning", "llm_reasoning_delta",
    ];

    /// <inheritdoc cref="OfSteps"/>
    public static readonly string[] OfPrompts =
    [
        "execution-start", "execution-complete", "execution-error", "prompt-start", "prompt-complete", "knowledge-retrieval-start", "knowledge-retrieved", "variable-substitution",
        "tool-execution-start", "tool-execution-complete", "progress",
    ];

    public static readonly LegacyName[] Rows =
    [
        new("step_started", """{"step":1,"agent":"Graph","query":"q"}""", """tool_call.start {"id":"#1","tool":"Graph","agent":"Graph","query":"q"}"""),
        new("step_response", """{"step":1,"response":"3 links"}""", """tool_call.complete {"id":"#1","summary":"3 links","is_action":false}""") { Before = """step_started {"step":1,"tool":"t"}""" },
        new("step_complete", """{"step":1,"duration":"2.5s","response":"ok"}""", """tool_call.complete {"id":"#1","summary":"ok","is_action":false,"duration":2500}""") { Before = """step_started {"step":1,"tool":"t"}""" },
        new("action_executed", """{"action":"dispatch"}""", """tool_call.complete {"id":"#1","is_action":true,"action":"dispatch"}"""),
        new("step_thinking", """{"status":"Retrying"}""", """status {"message":"Retrying"}"""),
        new("thread_created", """{"thread_id":"t1"}""", """session.created {"thread_id":"t1"}"""),
        new("run_start", """{"run_id":"r1","alert":"LINK_DOWN"}""", """run.start {"kind":"orchestrator","input":"LINK_DOWN","attempt":1}"""),
        new("message", """{"id":"m1","text":"All links are up."}""", """message.complete {"id":"m1","role":"assistant","text":"All links are up."}"""),
        new("run_complete", """{"run_id":"r1","time":"3s"}""", """run.complete {"outcome":"success","duration":3000}"""),
        new("error", """{"message":"No capacity","code":"429"}""", """error {"code":"429","message":"No capacity","recoverable":false}"""),

        Session("client_output_delta", """{"content":"Hi","snapshot":"Hi"}""", """message.start {"id":"queen/n/r1//","role":"assistant"}"""),
        Session("client_input_requested", """{"prompt":"Go on?","options":["yes"]}""", """input.requested {"id":"r1-1","prompt":"Go on?","schema":{"options":["yes"]}}"""),
        Session("client_input_received", """{"content":"yes"}""", """input.received {"id":"r1-1","value":"yes"}"""),
        Session("llm_text_delta", """{"content":"So"}""", """reasoning.delta {"id":"queen/n/r1//","text":"So"}"""),
        Session("tool_call_started", """{"tool_use_id":"0198f2a0-0000-7000-8000-000000000001","tool_name":"t","tool_input":{"a":1}}""", """tool_call.start {"id":"#1","tool":"t","agent":"queen","arguments":{"a":1}}"""),
        Session("tool_call_completed", """{"tool_use_id":"u1","tool_name":"t","result":"ok","is_error":false}""", """tool_call.complete {"id":"#1","result":"ok","is_action":false}"""),
        Session("execution_started", """{"input":{"a":1}}""", """run.start {"kind":"queen","input":{"a":1},"attempt":1}"""),
        Session("execution_completed", """{"output":{"b":2}}""", """run.complete {"outcome":"success","result":{"b":2}}"""),
        Session("execution_failed", """{"error":"No key"}""", """error {"code":"execution_failed","message":"No key","recoverable":false}"""),
        Session("execution_paused", """{"reason":"user"}""", """run.paused {"reason":"user"}"""),
        Session("node_loop_started", """{"max_iterations":5}""", """loop.started {"node":"n","max_iterations":5}"""),
        Session("node_loop_iteration", """{"iteration":2}""", """loop.iteration {"node":"n","iteration":2}"""),
        Session("node_loop_completed", """{"iterations":3}""", """loop.completed {"node":"n","iteration":3}"""),
        Session("llm_turn_complete", """{"model":"m","input_tokens":1,"output_tokens":2}""", """status {"message":"m has answered"}"""),
        Session("node_action_plan", """{"plan":"First this"}""", """status {"message":"First this"}"""),
        Session("goal_progress", """{"progress":0.5,"criteria_status":{}}""", """progress {"stage":"goal","fraction":0.5}"""),
        Session("node_internal_output", """{"content":"x"}""", """reasoning.delta {"id":"queen/n/r1//","text":"x"}"""),
        Session("node_stalled", """{"reason":"same"}""", """node.stalled {"node":"n","reason":"same"}"""),
        Session("node_retry", """{"retry_count":2,"error":"429"}""", """node.retry {"node":"n","iteration":2,"reason":"429"}"""),
        Session("node_tool_doom_loop", """{"description":"the same call again"}""", """node.stalled {"node":"n","reason":"the same call again"}"""),
        Session("context_compacted", """{"usage_before":90,"usage_after":40}""", """context.compacted {"tokens":40,"before":90}"""),
        Session("context_usage_updated", """{"estimated_tokens":10,"max_context_tokens":100}""", """context.usage {"tokens":10,"limit":100}"""),
        Session("worker_colony_loaded", """{"colony_name":"c"}""", """status {"message":"Loaded c"}"""),
        Session("colony_created", """{"colony_id":"c"}""", """status {"message":"Created c"}"""),
        Session("credentials_required", """{"provider":"mail","message":"to send"}""", """credentials.required {"provider":"mail","message":"to send"}"""),
        Session("subagent_report", """{"subagent_id":"w1","message":"Done"}""", """subagent.report {"worker":"w1","report":"Done"}"""),
        Session("queen_phase_changed", """{"phase":"building"}""", """step.start {"step_id":"phase-1","name":"building","position":1,"has_knowledge":false,"has_tools":false}"""),
        Session("trigger_available", """{"trigger_id":"t","name":"Nightly"}""", """trigger.available {"id":"t","name":"Nightly"}"""),
        Session("trigger_activated", """{"trigger_id":"t"}""", """trigger.activated {"id":"t"}"""),
        Session("trigger_deactivated", """{"trigger_id":"t"}""", """trigger.deactivated {"id":"t"}"""),
        Session("trigger_fired", """{"trigger_id":"t"}""", """trigger.fired {"id":"t"}"""),
        Session("trigger_removed", """{"trigger_id":"t"}""", """trigger.removed {"id":"t"}"""),
        Session("trigger_updated", """{"trigger_id":"t"}""", """trigger.updated {"id":"t"}"""),
        Session("worker_graph_loaded", """{"graph_id":"g"}""", """status {"message":"Loaded g"}"""),
        Session("execution_resumed", """{"reason":"user"}""", """run.resumed {"reason":"user"}"""),
        Session("client_reasoning", """{"content":"Hm"}""", """reasoning.delta {"id":"queen/n/r1//","text":"Hm"}"""),
        Session("llm_reasoning_delta", """{"content":"Hm"}""", """reasoning.delta {"id":"queen/n/r1//","text":"Hm"}"""),

        new("execution-start", """{"executionId":7,"totalPrompts":3,"toolName":"Summaries","timestamp":"t","eventId":"e"}""", """run.start {"kind":"assistant","input":{"toolName":"Summaries"},"attempt":1,"total_steps":3}"""),
        new("execution-complete", """{"executionId":7,"totalTokens":120,"duration":1500,"success":true,"timestamp":"t","eventId":"e"}""", """run.complete {"outcome":"success","duration":1500,"result":{"totalTokens":120}}"""),
        new("execution-error", """{"executionId":7,"error":"No key","promptId":2,"recoverable":true,"details":"at x"}""", """error {"code":"execution_error","message":"No key","recoverable":true,"details":"at x","step_id":"2"}"""),
        new("prompt-start", """{"promptId":1,"promptName":"Outline","position":1,"totalPrompts":3,"modelId":"m","hasKnowledge":true,"hasTools":false}""", """step.start {"step_id":"1","name":"Outline","position":1,"total":3,"model_id":"m","has_knowledge":true,"has_tools":false}"""),
        new("prompt-complete", """{"promptId":1,"outputTokens":40,"duration":800,"cached":true}""", """step.complete {"step_id":"1","name":"1","position":1,"tokens":{"in":0,"out":40},"duration":800,"cached":true}"""),
        new("knowledge-retrieval-start", """{"promptId":1,"repositories":[4,5],"searchType":"hybrid"}""", """knowledge.retrieval_start {"id":"retrieval-1","repositories":["4","5"],"search_type":"hybrid","step_id":"1"}"""),
        new("knowledge-retrieved", """{"promptId":1,"documentsFound":6,"relevanceScore":0.75,"tokens":900}""", """knowledge.retrieved {"id":"retrieval-1","documents":6,"relevance":0.75,"tokens":900,"step_id":"1"}"""),
        new("variable-substitution", """{"promptId":2,"variables":{"topicName":"cats"},"sourcePrompts":[1]}""", """variable.substitution {"variables":{"topicName":"cats"},"source_steps":["1"],"step_id":"2"}"""),
        new("progress", """{"currentStep":1,"totalSteps":4,"percentage":25,"message":"One of four"}""", """progress {"stage":"progress","fraction":0.25,"message":"One of four","current":1,"total":4}"""),
        new("progress", """{"generation_id":"g","status":"processing","stage":"intent_detection","message":"Detected intent: add","progress":0.1}""", """progress {"stage":"intent_detection","fraction":0.1,"message":"Detected intent: add"}"""),
        new("tool-execution-start", """{"promptId":1,"toolName":"search","parameters":{"q":"x"}}""", """tool_call.start {"id":"#1","tool":"search","arguments":{"q":"x"}}"""),
        new("tool-execution-complete", """{"promptId":1,"toolName":"search","success":false,"error":"Too slow"}""", """tool_call.complete {"id":"#1","error":"Too slow","is_action":false}"""),
    ];

    private static LegacyName Session(string name, string data, string expected) =>
        new(name, $$"""{"type":"{{name}}","stream_id":"queen","node_id":"n","execution_id":"r1","data":{{data}}}""", expected) { Source = "queen", RunId = "r1" };
}
