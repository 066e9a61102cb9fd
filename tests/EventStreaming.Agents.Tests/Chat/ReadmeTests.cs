using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Chat;

/// <summary>What the README shows.</summary>
internal sealed class ReadmeTests
{
    [Test]
    public async Task A_chat_client_is_told_in_three_lines()
    {
        await using var recorder = new RunRecorder();
        var (bus, model) = (recorder.Bus, new ScriptedChatClient([Updates.Text("Three files.")]));

        IChatClient client = model.UseEventStreaming();
        await bus.RunAsync("session-1", "assistant", async (run, cancellationToken) =>
            Assert.That((await client.GetResponseAsync("What is in the files?", cancellationToken: cancellationToken)).Text, Is.EqualTo("Three files.")));

        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Three files."));
        Assert.That(recorder.Story, Does.EndWith("message.complete run.complete"));
    }

    [Test]
    public async Task A_run_is_started_in_the_background_and_tried_again_when_a_service_is_full()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        using var response = new HttpResponseMessage(System.Net.HttpStatusCode.TooManyRequests);

        var start = runs.Start("session-1", "index", async (run, token) =>
        {
            run.Status("Reading files");
            await Task.Yield();
            if (run.Attempt == 1)
            {
                CapacityException.ThrowIfAtCapacity(response);
            }
        });
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), runs.WaitAsync(start.RunId!));

        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status status status run.complete"));
    }
}
