using System.Net;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Jobs;

/// <summary>The generation end to end: ten stages from 5 % to 100 %, and an end whatever happens.</summary>
internal sealed class GenerationTests
{
    private static readonly (string Stage, double Fraction, string Message)[] Stages =
    [
        ("iteration_start", 0.05, "Starting iteration analysis..."),
        ("intent_detection", 0.10, "Detected intent: add"),
        ("context_building", 0.20, "Building context from existing files..."),
        ("iteration_mode", 0.35, "Using iteration mode for focused changes"),
        ("code_generation", 0.40, "Generating add modifications..."),
        ("llm_generation", 0.50, "Sending request to outliner-1 (add)..."),
        ("gemini_processing", 0.60, "Waiting for outliner-1 response..."),
        ("parsing_response", 0.70, "Parsing generated files..."),
        ("merging_files", 0.80, "Merging changes with existing files..."),
        ("iteration_complete", 1.0, "Iteration complete: 3 total files"),
    ];

    [Test]
    public async Task An_iteration_is_told_in_ten_stages_and_builds_what_it_says()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var runId = await host.StartAsync(session, """{"kind":"generation","prompt":"Add an index page for every directory"}""");

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        var progress = frames.Where(frame => frame.Event is "progress").Select(frame => frame.Payload).ToArray();
        Assert.That(progress.DistinctBy(StageOf, StringComparer.Ordinal).Select(told => (StageOf(told), told.GetProperty("fraction").GetDouble(), told.GetProperty("message").GetString()!)), Is.EqualTo(Stages));
        Assert.That(progress.Select(told => told.GetProperty("fraction").GetDouble()), Is.Ordered, "never backwards");
        Assert.That(frames[^1].Event, Is.EqualTo("run.complete"));
        var result = frames[^1].Payload.GetProperty("result");
        Assert.That(result.GetProperty("total_files").GetInt32(), Is.EqualTo(3));
        Assert.That(TextOf(result, "docs/INDEX.md"), Is.EqualTo("# docs\n\n- [Guide](guide.md): Install, Use\n"));
        Assert.That(TextOf(result, "src/INDEX.md"), Is.EqualTo("# src\n\n- [Bus](Bus.cs): Topic\n"));
        Assert.That(TextOf(result, "INDEX.md"), Is.EqualTo("# Contents\n\n- [docs](docs/INDEX.md): 1 files\n- [src](src/INDEX.md): 1 files\n- 1 files at the top\n"));
        Assert.That(Directory.EnumerateFiles(host.Root.Path, "INDEX.md", SearchOption.AllDirectories), Is.Empty, "nothing is written");
    }

    [Test]
    public async Task A_further_iteration_goes_on_with_what_there_is_and_knows_how_long_it_takes()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await IterateAsync(host, session, stream, "add pages for docs");

        host.Root.Write("docs/more.md", "# More\n");
        var (added, _) = await IterateAsync(host, session, stream, "add the src page");
        var (modified, told) = await IterateAsync(host, session, stream, "update docs");
        var (removed, _) = await IterateAsync(host, session, stream, "remove src");
        var (nothing, stages) = await IterateAsync(host, session, stream, "remove src");

        Assert.That(Changes(added), Is.EquivalentTo(["src/INDEX.md added", "INDEX.md modified"]));
        Assert.That(Changes(modified), Is.EqualTo(["docs/INDEX.md modified"]));
        Assert.That(TextOf(modified, "docs/INDEX.md"), Does.Contain("[More](more.md)"));
        Assert.That(told.First().GetProperty("eta").GetDouble(), Is.Positive, "from the runs before");
        Assert.That(Changes(removed), Is.EquivalentTo(["src/INDEX.md removed", "INDEX.md modified"]));
        Assert.That(removed.GetProperty("total_files").GetInt32(), Is.EqualTo(2));
        Assert.That(Changes(nothing), Is.Empty);
        Assert.That(StageOf(stages[^1]), Is.EqualTo("iteration_no_changes"));
    }

    [TestCase("true", "run.complete")]
    [TestCase("false", "error")]
    [TestCase("\"perhaps\"", "error")]
    public async Task Before_everything_goes_a_person_is_asked(string answer, string end)
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await IterateAsync(host, session, stream, "add pages");
        await host.StartAsync(session, """{"kind":"generation","prompt":"remove everything"}""");
        var asked = (await stream.ReadUntilAsync("input.requested"))[^1].Payload;

        await host.AnswerAsync(session, asked.GetProperty("id").GetString()!, answer);

        Assert.That(asked.GetProperty("prompt").GetString(), Is.EqualTo("All 3 pages would be removed. Is that meant?"));
        var frames = await stream.ReadUntilAsync(frame => frame.Event is "run.complete" or "error");
        Assert.That(frames[^1].Event, Is.EqualTo(end));
    }

    [Test]
    public async Task What_fails_ends_with_an_error_and_changes_nothing()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 201; i++)
        {
            host.Root.Write($"many/{i}/a.md", "# A\n");
        }

        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await host.StartAsync(session, """{"kind":"generation","prompt":"add pages"}""");

        var error = (await stream.ReadUntilAsync("error"))[^1].Payload;
        Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("iteration_error"));
        Assert.That(error.GetProperty("message").GetString(), Does.Contain("There would be 204 pages"));
        Assert.That((await IterateAsync(host, session, stream, "add pages for docs")).Result.GetProperty("total_files").GetInt32(), Is.EqualTo(2));
    }

    [TestCase("""{"kind":"generation"}""", "'prompt' is missing")]
    [TestCase("""{"kind":"generation","prompt":"  "}""", "'prompt' is missing")]
    [TestCase("""{"kind":"generation","prompt":"add","provoke":"luck"}""", "'luck' cannot be provoked. Send 'capacity'")]
    [TestCase("""{"kind":"generation","prompt":"add","query":"x"}""", "not as it should be")]
    public async Task A_request_that_cannot_be_served_is_told_why(string request, string why)
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, problem) = await host.PostAsync($"/api/sessions/{session}/runs", request);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(why));
    }

    private static string StageOf(JsonElement progress) => progress.GetProperty("stage").GetString()!;

    private static string? TextOf(JsonElement result, string name) =>
        result.GetProperty("files").EnumerateArray().Single(file => file.GetProperty("name").ValueEquals(name)).GetProperty("text").GetString();

    private static string[] Changes(JsonElement result) =>
    [
        .. result.GetProperty("files").EnumerateArray()
            .Where(file => file.TryGetProperty("change", out _))
            .Select(file => $"{file.GetProperty("name").GetString()} {file.GetProperty("change").GetString()}"),
    ];

    private static async Task<(JsonElement Result, JsonElement[] Progress)> IterateAsync(TestHost host, string session, SseStream stream, string prompt)
    {
        var runId = await host.StartAsync(session, $$"""{"kind":"generation","prompt":"{{prompt}}"}""");
        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        return (frames[^1].Payload.GetProperty("result"), [.. frames.Where(frame => frame.Event is "progress").Select(frame => frame.Payload)]);
    }

    private static async Task<TestHost> StartAsync()
    {
        var host = await TestHost.StartAsync();
        host.Root
            .Write("docs/guide.md", "# Guide\ntext\n## Install\n## Use\n")
            .Write("docs/data.csv", "1,2\n")
            .Write("src/Bus.cs", "public sealed class Bus\n{\n}\n\ninternal sealed record Topic;\n")
            .Write("readme.md", "# Readme\n");
        return host;
    }
}
