using System.Text.RegularExpressions;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Seed 1's mapping table, row by row.</summary>
internal sealed partial class StepEventUpcasterTests
{
    [Test]
    public void Step_started_becomes_a_tool_call_start_with_a_uuid()
    {
        var drafts = Upcasts.DraftsOf("""step_started {"step":1,"agent":"Graph","query":"which links","reasoning":"they are down","depth":2}""");

        var start = (ToolCallStarted)drafts[0].Data!;
        Assert.That(drafts[0].Type, Is.EqualTo("tool_call.start"));
        Assert.That(start.Id, Is.Not.EqualTo(Guid.Empty));
        Assert.That(start.Id.Version, Is.EqualTo(8));
        Assert.That(start, Has.Property("Tool").EqualTo("Graph").And.Property("Query").EqualTo("which links").And.Property("Reasoning").EqualTo("they are down"));
        Assert.That(start.Arguments!.Value.GetRawText(), Is.EqualTo("""{"depth":2}"""), "fields without a place of their own are kept");
    }

    [Test]
    public void Step_response_and_step_complete_become_one_tool_call_complete() =>
        Assert.That(
            Of(
                """step_started {"step":1,"agent":"Graph"}""",
                """step_response {"step":1,"response":"3 links","sub_steps":[{"q":1}],"visualizations":[{"type":"table"}]}""",
                """step_complete {"step":1,"duration":"2.5s"}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"1","tool":"Graph","agent":"Graph"}""",
                """tool_call.complete {"id":"1","summary":"3 links","sub_steps":[{"q":1}],"visualizations":[{"type":"table"}],"is_action":false,"duration":2500}""")));

    [Test]
    public void Step_response_and_step_complete_with_an_error_become_one_tool_call_complete_with_the_error() =>
        Assert.That(
            Of("""step_started {"step":1,"tool":"t"}""", """step_response {"step":1,"response":"Timed out","error":true}""", """step_complete {"step":1,"error":true}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"1","tool":"t"}""",
                """tool_call.complete {"id":"1","error":"Timed out","summary":"Timed out","is_action":false}""")));

    [Test]
    public void Action_executed_is_bundled_into_its_tool_calls_complete() =>
        Assert.That(
            Of("""step_started {"step":1,"tool":"t"}""", """step_response {"step":1,"response":"ok"}""", """action_executed {"step":1,"action":"dispatch"}""", """step_complete {"step":1}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"1","tool":"t"}""",
                """tool_call.complete {"id":"1","summary":"ok","is_action":true,"action":"dispatch"}""")));

    [Test]
    public void An_action_that_comes_behind_its_calls_complete_is_a_call_of_its_own() =>
        Assert.That(
            Of("""step_started {"step":1,"tool":"t"}""", """step_complete {"step":1,"response":"ok"}""", """action_executed {"step":1,"action":"dispatch"}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"1","tool":"t"}""",
                """tool_call.complete {"id":"1","summary":"ok","is_action":false}""",
                """tool_call.start {"id":"2","tool":"dispatch"}""",
                """tool_call.complete {"id":"2","is_action":true,"action":"dispatch"}""")));

    [Test]
    public void An_action_without_a_call_waits_for_the_next_complete() =>
        Assert.That(
            Of("""action_executed {"action":{"unit":7}}""", """step_complete {"step":4,"tool":"t"}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"1","tool":"t"}""",
                """tool_call.complete {"id":"1","is_action":true,"action":"{\"unit\":7}"}""")));

    [Test]
    public void Step_thinking_becomes_a_status() =>
        Assert.That(Of("""step_thinking {"agent":"Orchestrator","status":"Retrying"}"""), Is.EqualTo(Wire.Lines("""status {"message":"Retrying"}""")));

    [Test]
    public void Thread_created_becomes_session_created() =>
        Assert.That(Of("""thread_created {"thread_id":"t1"}"""), Is.EqualTo(Wire.Lines("""session.created {"thread_id":"t1"}""")));

    [Test]
    public void Run_start_becomes_run_dot_start_and_gives_its_run_to_what_follows()
    {
        var drafts = Upcasts.DraftsOf("""run_start {"run_id":"r1","alert":"LINK_DOWN","timestamp":"now"}""", """step_thinking {"status":"x"}""");

        Assert.That(Wire.Of(drafts[0]), Is.EqualTo("""run.start {"kind":"orchestrator","input":"LINK_DOWN","attempt":1}"""));
        Assert.That(drafts.Select(draft => draft.RunId), Is.All.EqualTo("r1"));
    }

    [Test]
    public void Message_becomes_message_complete() =>
        Assert.That(Of("""message {"id":"m1","text":"All links are up."}"""), Is.EqualTo(Wire.Lines("""message.complete {"id":"m1","role":"assistant","text":"All links are up."}""")));

    [Test]
    public void Run_complete_becomes_run_dot_complete_and_keeps_what_has_no_field() =>
        Assert.That(
            Of("""run_complete {"run_id":"r1","steps":4,"time":"1m 5s","tokens":{"prompt":10,"completion":5}}"""),
            Is.EqualTo(Wire.Lines("""run.complete {"outcome":"success","duration":65000,"usage":{"in":10,"out":5},"result":{"steps":4,"tokens":{"prompt":10,"completion":5}}}""")));

    [Test]
    public void Error_stays_error() =>
        Assert.That(Of("""error {"message":"No capacity","code":"429"}"""), Is.EqualTo(Wire.Lines("""error {"code":"429","message":"No capacity","recoverable":false}""")));

    [Test]
    public void The_whole_table_maps_a_session_in_order() =>
        Assert.That(
            Of(
                """thread_created {"thread_id":"t1"}""",
                """run_start {"run_id":"r1","alert":"A"}""",
                """step_thinking {"status":"Planning"}""",
                """step_started {"step":1,"agent":"Graph","query":"q1"}""",
                """step_response {"step":1,"response":"found"}""",
                """step_complete {"step":1}""",
                """step_started {"step":2,"agent":"Dispatch"}""",
                """step_response {"step":2,"response":"no","error":"No crew"}""",
                """step_complete {"step":2,"error":true}""",
                """step_started {"step":3,"agent":"Dispatch"}""",
                """step_response {"step":3,"response":"sent"}""",
                """action_executed {"step":3,"action":"dispatch_field_engineer"}""",
                """step_complete {"step":3}""",
                """message {"id":"m1","text":"Done."}""",
                """run_complete {"run_id":"r1","time":"3s"}"""),
            Is.EqualTo(Wire.Lines(
                """session.created {"thread_id":"t1"}""",
                """run.start {"kind":"orchestrator","input":"A","attempt":1}""",
                """status {"message":"Planning"}""",
                """tool_call.start {"id":"1","tool":"Graph","agent":"Graph","query":"q1"}""",
                """tool_call.complete {"id":"1","summary":"found","is_action":false}""",
                """tool_call.start {"id":"2","tool":"Dispatch","agent":"Dispatch"}""",
                """tool_call.complete {"id":"2","error":"No crew","summary":"no","is_action":false}""",
                """tool_call.start {"id":"3","tool":"Dispatch","agent":"Dispatch"}""",
                """tool_call.complete {"id":"3","summary":"sent","is_action":true,"action":"dispatch_field_engineer"}""",
                """message.complete {"id":"m1","role":"assistant","text":"Done."}""",
                """run.complete {"outcome":"success","duration":3000}""")));

    [Test]
    public void What_waits_when_the_stream_ends_is_not_lost() =>
        Assert.That(
            Of("""step_started {"step":1,"tool":"t"}""", """step_response {"step":1,"response":"half"}""", """step_started {"step":2,"tool":"u"}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"1","tool":"t"}""",
                """tool_call.start {"id":"2","tool":"u"}""",
                """tool_call.complete {"id":"1","summary":"half","is_action":false}""",
                """tool_call.complete {"id":"2","error":"The run ended before the call did.","is_action":false}""")));

    [Test]
    public void A_legacy_number_is_always_the_same_uuid_within_its_run_and_another_in_another()
    {
        static Guid IdIn(string run) => ((ToolCallStarted)Upcasts.DraftsOf($$"""step_started {"run_id":"{{run}}","step":1,"tool":"t"}""")[0].Data!).Id;

        var first = IdIn("r1");
        Assert.That(IdIn("r1"), Is.EqualTo(first));
        Assert.That(IdIn("r2"), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_second_attempt_that_counts_its_steps_from_1_again_has_calls_of_its_own() =>
        Assert.That(
            Of("""step_started {"step":1,"tool":"t"}""", """step_complete {"step":1,"error":"429"}""", """step_started {"step":1,"tool":"t"}""", """step_complete {"step":1}""")
                .Select(line => line[..line.IndexOf(',', StringComparison.Ordinal)]),
            Is.EqualTo(Wire.Lines("tool_call.start {\"id\":\"1\"", "tool_call.complete {\"id\":\"1\"", "tool_call.start {\"id\":\"2\"", "tool_call.complete {\"id\":\"2\"")));

    [Test]
    public void An_unknown_type_is_passed_on_unchanged() =>
        Assert.That(Of("""weather_changed {"sky":"blue","n":[1,2]}"""), Is.EqualTo(Wire.Lines("""weather_changed {"sky":"blue","n":[1,2]}""")));

    [Test]
    public void A_canonical_type_is_passed_on_unchanged() =>
        Assert.That(Of("""progress {"stage":"s","fraction":0.5}"""), Is.EqualTo(Wire.Lines("""progress {"stage":"s","fraction":0.5}""")));

    /// <summary>The UUIDs numbered in the order in which they appear.</summary>
    private static string[] Of(params string[] lines)
    {
        var ids = new List<string>();
        return [.. Upcasts.Of(lines).Select(line => Uuid().Replace(line, match =>
        {
            if (!ids.Contains(match.Value, StringComparer.Ordinal))
            {
                ids.Add(match.Value);
            }

            return (ids.IndexOf(match.Value) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }))];
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Uuid();
}
