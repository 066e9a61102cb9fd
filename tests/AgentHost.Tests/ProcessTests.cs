using System.Text;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests;

/// <summary>The program as its users meet it.</summary>
internal sealed class ProcessTests
{
    [Test]
    public async Task When_stopped_it_cancels_its_runs_lets_viewers_see_that_and_exits_with_success()
    {
        using var root = new TempDirectory().WriteHuge(1_000);
        using var process = HostProcess.Start("--urls", "http://127.0.0.1:0", "--root", root.Path);
        using var client = new HttpClient { BaseAddress = await process.WaitForAddressAsync(), Timeout = Timeout.InfiniteTimeSpan };
        var session = await PostAsync(client, "/api/sessions", "{}", "sessionId");
        using var stream = new SseStream(
            await client.GetAsync(TestHost.EventsOf(session), HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync());
        using var idle = new SseStream(
            await client.GetAsync(TestHost.WorkerEventsOf(session, "never"), HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync());
        await idle.ReadUntilAsync("stream.open");
        var runId = await PostAsync(client, $"/api/sessions/{session}/runs", """{"kind":"index"}""", "runId");
        await stream.ReadUntilAsync("progress");

        process.Terminate();

        var rest = await stream.ReadToEndAsync();
        var (exitCode, errors) = await process.WaitForExitAsync();
        Assert.That(rest.Single(frame => frame is { Data: not null } && frame.IsEndOf(runId)).Payload.GetProperty("outcome").GetString(), Is.EqualTo("cancelled"));
        Assert.That(rest.Single(frame => frame.Event is "stream.end").Payload.GetProperty("reason").GetString(), Is.EqualTo("hostStopping"));
        Assert.That((await idle.ReadToEndAsync()).Select(frame => frame.Event), Does.Contain("stream.end"));
        Assert.That(exitCode, Is.Zero, errors);
        var logged = process.Output.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("Message").GetString());
        Assert.That(logged, Has.Exactly(2).Contains($"of topic '{session}' closed: HostStopping"));
    }

    [TestCase("--root is '/no/such/place', which is no directory; name one that exists.", "--root", "/no/such/place")]
    [TestCase("--relay-from is 'elsewhere', which is no host's URL; use one like http://127.0.0.1:5080.", "--relay-from", "elsewhere")]
    [TestCase(
        "--kinds has 'wash-trade', which is no kind of run; use some of index,orchestrator,generation,assistant,alerts,wash_trade,insider_trading.", "--kinds", "index, wash-trade")]
    [TestCase("AgentHost:MaxRuns is '0'; use 1 to 1000.", "--AgentHost:MaxRuns", "0")]
    public async Task Options_that_cannot_be_used_are_named_with_a_remedy(string error, params string[] args)
    {
        using var process = HostProcess.Start(args);
        var (exitCode, errors) = await process.WaitForExitAsync();
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors.TrimEnd(), Is.EqualTo(error));
    }

    [Test]
    public async Task By_dotnet_run_it_reads_what_is_below_the_directory_in_which_that_was_called()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(Path.Combine(directory.Path, "notes"));
        using var process = HostProcess.Run(directory.Path, "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.WaitForAddressAsync(), Timeout = Timeout.InfiniteTimeSpan };
        var session = await PostAsync(client, "/api/sessions", "{}", "sessionId");

        var runId = await PostAsync(client, $"/api/sessions/{session}/runs", """{"kind":"index","directory":"notes"}""", "runId");

        Assert.That(runId, Is.Not.Empty);
    }

    private static async Task<string> PostAsync(HttpClient client, string path, string json, string member)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content).WithinSafetyAsync();
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty(member).GetString()!;
    }
}
