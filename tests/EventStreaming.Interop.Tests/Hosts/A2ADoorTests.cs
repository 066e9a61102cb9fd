using System.Net;
using System.Text.Json;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Hosts;

/// <summary>A2A's own client, which finds the sample host by its card.</summary>
[TestFixture("HTTP+JSON")]
[TestFixture("JSONRPC")]
internal sealed class A2ADoorTests(string binding)
{
    private DoorSite _site = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _site = await DoorSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [Test]
    public async Task A_message_is_a_task_that_is_streamed_to_its_end()
    {
        await using var client = Run("history");
        var told = await ReadAsync(client);

        Assert.That(told[0].TryGetProperty("task", out _), Is.True);
        Assert.That(StateOf(told[^2]), Is.EqualTo("TASK_STATE_COMPLETED"));
        Assert.That(told.Select(static line => line.GetRawText()), Has.Some.Contains("notes/history.md"));
    }

    [Test]
    public async Task A_task_that_requires_input_is_joined_late_and_goes_on_with_the_message_that_answers()
    {
        await using var client = Run("what is this?");
        var asked = await ReadAsync(client);
        Assert.That(StateOf(asked[^2]), Is.EqualTo("TASK_STATE_INPUT_REQUIRED"));
        var task = asked[0].GetProperty("task").GetProperty("id").GetString()!;

        await using var late = Run(string.Empty, task);
        Assert.That(JsonElement.Parse(await late.ReadLineAsync().WithinSafetyAsync()).GetProperty("task").GetProperty("id").GetString(), Is.EqualTo(task));
        await using var next = Run("history", task);
        foreach (var stream in new[] { late, next })
        {
            Assert.That(StateOf((await ReadAsync(stream))[^2]), Is.EqualTo("TASK_STATE_COMPLETED"));
        }

        await using var ended = Run(string.Empty, task);
        Assert.That((await ReadAsync(ended))[^1].GetProperty("error").GetString(), Does.Contain("The task has ended"));
    }

    [Test]
    public async Task A_task_is_cancelled_and_one_that_is_not_there_is_an_error()
    {
        await using var client = Run("what is this?");
        var task = (await ReadAsync(client))[0].GetProperty("task").GetProperty("id").GetString()!;
        await using var late = Run(string.Empty, task);
        await late.ReadLineAsync().WithinSafetyAsync();
        Assert.That(await _site.SendAsync(HttpMethod.Post, $"/a2a/tasks/{task}:cancel"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(StateOf((await ReadAsync(late))[^2]), Is.EqualTo("TASK_STATE_CANCELED"));

        await using var none = Run(string.Empty, "none");
        Assert.That((await ReadAsync(none))[^1].GetProperty("error").GetString(), Does.Contain("no such task"));
    }

    private ChildProcess Run(string text, params IEnumerable<string> task) => _site.Run("a2a.mjs", "/", [binding, text, .. task]);

    private static async Task<List<JsonElement>> ReadAsync(ChildProcess client)
    {
        var told = new List<JsonElement>();
        do
        {
            told.Add(JsonElement.Parse(await client.ReadLineAsync().WithinSafetyAsync()));
        }
        while (!told[^1].TryGetProperty("end", out _) && !told[^1].TryGetProperty("error", out _));

        return told;
    }

    private static string? StateOf(JsonElement line) => line.GetProperty("statusUpdate").GetProperty("status").GetProperty("state").GetString();
}
