using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Messages;

internal sealed class AgentMessageTests
{
    [Test]
    public async Task A_message_begins_with_its_first_text()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        var message = run.StartMessage("user", new AgentMessageOptions { Id = "m-1" });
        message.Append("");
        Assert.That(recorder.Story, Is.EqualTo("run.start"));
        message.Append("Hel");
        message.Append("lo");
        message.Complete();

        Assert.That(recorder.Story, Is.EqualTo("run.start message.start message.delta message.delta message.complete"));
        Assert.That(recorder.Single<MessageStarted>(), Is.EqualTo(new MessageStarted("m-1", "user")));
        Assert.That(recorder.Single<MessageCompleted>(), Is.EqualTo(new MessageCompleted("m-1", "user", "Hello")));
    }

    [Test]
    public async Task Of_a_message_in_which_nothing_was_said_nothing_is_told()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        run.StartMessage().Complete();
        run.StartMessage().Dispose();

        Assert.That(recorder.Story, Is.EqualTo("run.start"));
    }

    [Test]
    public async Task A_message_that_is_known_as_a_whole_is_told_as_one_that_was_written()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        run.StartMessage().Complete("Hello");

        Assert.That(recorder.Story, Is.EqualTo("run.start message.start message.delta message.complete"));
    }

    [Test]
    public async Task What_is_missing_of_the_whole_text_is_told_first()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");
        var message = run.StartMessage();
        message.Append("Hel");

        message.Complete("Hello");

        Assert.That(string.Join('|', recorder.All<MessageDelta>().Select(static delta => delta.Text)), Is.EqualTo("Hel|lo"));
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Hello"));
    }

    [Test]
    public async Task A_whole_text_that_is_another_stands_in_the_place_of_what_was_said()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");
        var message = run.StartMessage();
        message.Append("[THINKING] Hello");

        message.Complete("Hello");

        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Hello"));
    }

    [Test]
    public async Task A_message_that_is_left_ends_with_the_text_so_far()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        using (var message = run.StartMessage())
        {
            message.Append("Hel");
        }

        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Hel"));
    }

    [Test]
    public async Task A_pair_of_surrogates_is_never_told_in_halves()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");
        var (message, thought) = (run.StartMessage(), run.StartReasoning());

        foreach (var piece in new[] { "a\ud83d", "", "\ude00b", "\ud83d" })
        {
            message.Append(piece);
            thought.Append(piece);
        }

        message.Complete();

        Assert.That(string.Join('|', recorder.All<MessageDelta>().Select(static delta => delta.Text)), Is.EqualTo("a|\ud83d\ude00b|\ud83d"));
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("a\ud83d\ude00b\ud83d"));
        Assert.That(string.Join('|', recorder.All<ReasoningDelta>().Select(static delta => delta.Text)), Is.EqualTo("a|\ud83d\ude00b"));
    }

    [Test]
    public async Task A_message_that_is_longer_than_is_held_goes_on_as_another()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat", new AgentRunOptions { MaxMessageLength = 16 });
        var message = run.StartMessage("assistant", new AgentMessageOptions { Id = "m" });

        message.Append("0123456789");
        message.Append("abcdef" + new string('x', 15) + "\ud83d\ude00end");
        message.Complete();

        Assert.That(recorder.All<MessageCompleted>().Select(static end => (end.Id, end.Text)), Is.EqualTo(new[]
        {
            ("m", "0123456789abcdef"), ("m-2", new string('x', 15)), ("m-3", "\ud83d\ude00end"),
        }));
        Assert.That(message.Id, Is.EqualTo("m-3"));
    }

    [Test]
    public async Task The_whole_text_of_a_message_that_went_on_as_another_is_told_once()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat", new AgentRunOptions { MaxMessageLength = 16 });
        var message = run.StartMessage();
        message.Append("0123456789abcdefgh");

        message.Complete("0123456789abcdefghij");

        Assert.That(string.Concat(recorder.All<MessageCompleted>().Select(static end => end.Text)), Is.EqualTo("0123456789abcdefghij"));
    }
}
