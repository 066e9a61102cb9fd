using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class EventTypeDescriptorTests
{
    private sealed record Failure(bool Recoverable, string? Call = null);

    [TestCase("a b", "'a b'")]
    [TestCase("tab\t", "'tab?'")]
    [TestCase("naïve", "'na?ve'")]
    [TestCase("line\nbreak", "'line?break'")]
    [TestCase("\u007f", "'?'")]
    public void A_name_that_is_not_visible_ascii_is_refused_and_shown_safely(string name, string shown)
    {
        Assert.That(() => new EventTypeDescriptor(name), Throws.ArgumentException.With.Message.Contains(shown).And.Message.Contains("visible ASCII"));
        Assert.That(EventTypeDescriptor.IsValidName(name), Is.False);
    }

    [Test]
    public void A_name_has_1_to_128_characters()
    {
        Assert.That(() => new EventTypeDescriptor(new string('a', 128)), Throws.Nothing);
        Assert.That(() => new EventTypeDescriptor(new string('a', 129)), Throws.ArgumentException.With.Message.Contains("1 to 128").And.Message.Contains("aaa…"));
        Assert.That(() => new EventTypeDescriptor(string.Empty), Throws.ArgumentException);
        Assert.That(() => new EventTypeDescriptor(null!), Throws.ArgumentNullException);
        Assert.That(
            new[] { new string('a', 128), new string('a', 129), string.Empty, null }.Select(EventTypeDescriptor.IsValidName),
            Is.EqualTo([true, false, false, false]));
    }

    [TestCase("stream.open")]
    [TestCase("stream.gap")]
    [TestCase("stream.anything")]
    public async Task The_streams_own_names_can_be_neither_declared_nor_published_nor_asked_for(string name)
    {
        await using var bus = new EventBus();
        Assert.That(
            () => new EventTypeDescriptor(name),
            Throws.ArgumentException.With.Message.Contains($"'{name}' is reserved").And.Message.Contains("Choose another prefix"));
        Assert.That(() => bus.Publish("session-1", name), Throws.ArgumentException.With.Message.Contains($"'{name}' is reserved"));
        Assert.That(
            () => bus.Subscribe(new SubscriptionOptions { Topic = "session-1", Types = [name] }),
            Throws.ArgumentException.With.Message.Contains($"'{name}' is reserved"));
        Assert.That(EventTypeDescriptor.IsValidName(name), Is.False);
    }

    [Test]
    public async Task A_bad_name_is_refused_by_publish_and_nothing_is_published()
    {
        await using var bus = new EventBus();
        Assert.That(() => bus.Publish("session-1", "a b"), Throws.ArgumentException.With.Message.Contains("'a b'"));
        Assert.That(() => bus.Publish("session-1", string.Empty), Throws.ArgumentException);
        Assert.That(() => bus.Publish("session-1", (string)null!), Throws.ArgumentNullException);
        Assert.That(bus.FindTopic("session-1"), Is.Null);
    }

    [Test]
    public async Task A_terminal_type_is_critical_whatever_was_declared()
    {
        await using var bus = SampleTypes.CreateBus();
        var item = bus.Publish("session-1", SampleTypes.Completed);
        Assert.That((item.IsTerminal, item.IsCritical), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task A_payload_decides_whether_its_event_is_terminal()
    {
        var error = new EventTypeDescriptor<Failure>("error") { TerminalWhen = static failure => !failure.Recoverable };
        await using var bus = new EventBus(catalog: new EventCatalog(error));

        Assert.That(bus.Publish("session-1", error, new Failure(Recoverable: true)).IsTerminal, Is.False);
        Assert.That(bus.Publish("session-1", error, new Failure(Recoverable: false)).IsTerminal, Is.True);
        Assert.That(bus.Publish("session-1", "error", JsonPayload.Parse("{}"u8.ToArray())).IsTerminal, Is.False, "Raw JSON cannot be asked.");
    }

    [Test]
    public async Task A_payload_of_another_type_than_declared_is_refused_with_both_types_named()
    {
        await using var bus = SampleTypes.CreateBus();
        Assert.That(
            () => bus.Publish("session-1", SampleTypes.Progress.Name, "40 %"),
            Throws.ArgumentException.With.Message.Contains("System.String").And.Message.Contains(nameof(SampleTypes.Step)).And.Message.Contains("JsonPayload"));
        Assert.That(bus.FindTopic("session-1"), Is.Null);
    }

    [Test]
    public async Task A_declared_payload_may_also_be_null_or_raw_json()
    {
        await using var bus = SampleTypes.CreateBus();
        var json = JsonPayload.Parse("""{"percent":40}"""u8.ToArray());
        Assert.That(bus.Publish("session-1", SampleTypes.Progress.Name).Data, Is.Null);
        Assert.That(bus.Publish("session-1", SampleTypes.Progress.Name, json).Data, Is.SameAs(json));
    }

    [Test]
    public async Task What_a_types_own_functions_throw_reaches_the_publisher_and_nothing_is_published()
    {
        var broken = new EventTypeDescriptor<Failure>("broken") { Size = static _ => throw new InvalidDataException("A bug in Size.") };
        await using var bus = new EventBus(catalog: new EventCatalog(broken));
        await using var reader = bus.Subscribe("session-1");

        Assert.That(() => bus.Publish("session-1", broken, new Failure(Recoverable: true)), Throws.InstanceOf<InvalidDataException>());
        Assert.That(bus.Publish("session-1", SampleTypes.Delta).Sequence, Is.EqualTo(1));
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L]));
    }
}
