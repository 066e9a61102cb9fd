using System.Net;
using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Protocols.A2A;
using EventStreaming.Agents;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary>A run that may not begin is told of in the words of the door at which it was asked for, and never as a stream of nothing.</summary>
internal sealed class RefusedStartTests
{
    private static readonly (AgentRunAdmission Admission, HttpStatusCode Status, string? Option)[] s_refusals =
    [
        (AgentRunAdmission.TopicIsFull, HttpStatusCode.TooManyRequests, "--AgentHost:MaxRunsPerSession"),
        (AgentRunAdmission.HostIsFull, HttpStatusCode.ServiceUnavailable, "--AgentHost:MaxRuns"),
        (AgentRunAdmission.Stopping, HttpStatusCode.ServiceUnavailable, null),
    ];

    private static readonly string[] s_doors = ["agui", "chat", "a2a", "rpc"];

    private static IEnumerable<TestCaseData> Cases() =>
        from refusal in s_refusals
        from door in s_doors
        select new TestCaseData(door, refusal.Admission, refusal.Status, refusal.Option);

    [TestCaseSource(nameof(Cases))]
    public async Task A_start_that_is_refused_is_answered_as_the_door_does(string door, AgentRunAdmission admission, HttpStatusCode status, string? option)
    {
        await using var client = await DoorClient.StartAsync(option is null ? [] : [option, "1"]);
        var session = await client.Host.CreateSessionAsync();
        var runs = client.Host.Services.GetRequiredService<AgentRuns>();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (option is null)
        {
            await runs.StopAsync().WithinSafetyAsync();
        }
        else
        {
            runs.Start(session, "other", (_, token) => release.Task.WaitAsync(token));
        }

        using var response = await AskAsync(client, door, session);
        release.SetResult();
        var text = await response.Content.ReadAsStringAsync().WithinSafetyAsync();

        Assert.That(response.StatusCode, Is.EqualTo(door is "rpc" ? HttpStatusCode.OK : status), text);
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
        Assert.That(TellsWhy(door, text, admission), text);
    }

    [Test]
    public void An_id_that_is_taken_is_a_conflict_in_every_form()
    {
        var refusal = Refusal.Of(AgentRunAdmission.IdIsTaken);
        var error = A2AError.Of(refusal);

        Assert.That((refusal.Status, error.HttpStatus, error.Status, error.Code), Is.EqualTo((409, 409, "ALREADY_EXISTS", -32602)));
        Assert.That(error.Message, Is.EqualTo(refusal.Detail));
    }

    private static Task<HttpResponseMessage> AskAsync(DoorClient client, string door, string session)
    {
        var message = $$"""{"message":{"messageId":"m1","contextId":"{{session}}","role":"ROLE_USER","parts":[{"text":"history"}]} }""";
        return door switch
        {
            "agui" => client.SendAsync(HttpMethod.Post, "/agui", $$"""{"threadId":"{{session}}","messages":[{"id":"m1","role":"user","content":"history"}]}"""),
            "chat" => client.SendAsync(HttpMethod.Post, "/api/chat", $$"""{"id":"{{session}}","messages":[{"id":"m1","role":"user","parts":[{"type":"text","text":"history"}]}]}"""),
            "a2a" => client.SendAsync(HttpMethod.Post, "/a2a/message:stream", message),
            _ => client.SendAsync(HttpMethod.Post, "/a2a", $$"""{"jsonrpc":"2.0","id":7,"method":"SendStreamingMessage","params":{{message}}}"""),
        };
    }

    private static bool TellsWhy(string door, string text, AgentRunAdmission admission)
    {
        var detail = Refusal.Of(admission).Detail;
        return door switch
        {
            "chat" => string.Equals(text, detail, StringComparison.Ordinal),
            "agui" => JsonElement.Parse(text) is var problem && problem.GetProperty("detail").ValueEquals(detail)
                && problem.GetProperty("admission").ValueEquals(JsonNamingPolicy.CamelCase.ConvertName(admission.ToString())),
            "a2a" => JsonElement.Parse(text).GetProperty("error") is var error && error.GetProperty("message").ValueEquals(detail)
                && error.GetProperty("status").ValueEquals(admission == AgentRunAdmission.TopicIsFull ? "RESOURCE_EXHAUSTED" : "UNAVAILABLE"),
            _ => JsonElement.Parse(text) is var answer && answer.GetProperty("id").GetInt32() == 7 && answer.GetProperty("error").GetProperty("message").ValueEquals(detail),
        };
    }
}
