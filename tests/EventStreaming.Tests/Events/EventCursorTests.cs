using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class EventCursorTests
{
    [TestCase("0jq4-0", "0jq4", 0)]
    [TestCase("a-1", "a", 1)]
    [TestCase("0-10", "0", 10)]
    [TestCase("zzz-9223372036854775807", "zzz", long.MaxValue)]
    public void A_cursor_is_read_and_written_as_the_same_text(string text, string epoch, long sequence)
    {
        Assert.That(EventCursor.TryParse(text, out var cursor), Is.True);
        Assert.That(cursor, Is.EqualTo(new EventCursor(epoch, sequence)));
        Assert.That(cursor.EpochToken, Is.EqualTo(epoch));
        Assert.That(cursor.Sequence, Is.EqualTo(sequence));
        Assert.That(cursor.ToString(), Is.EqualTo(text));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-")]
    [TestCase("abc")]
    [TestCase("abc-")]
    [TestCase("-1")]
    [TestCase("12")]
    [TestCase("abc_1")]
    [TestCase("abc:1")]
    [TestCase("abc-1-2")]
    [TestCase("ab-c-1")]
    [TestCase("abc--1", Description = "A sign.")]
    [TestCase("abc-+1")]
    [TestCase("abc-\u22121", Description = "The minus of mathematics.")]
    [TestCase("abc-00", Description = "Leading zeros: two texts for one place.")]
    [TestCase("abc-01")]
    [TestCase("abc-007")]
    [TestCase(" abc-1", Description = "Blanks anywhere.")]
    [TestCase("abc-1 ")]
    [TestCase("abc- 1")]
    [TestCase("abc -1")]
    [TestCase("abc-1\n")]
    [TestCase("abc-1\r\nx: y")]
    [TestCase("\tabc-1")]
    [TestCase("abc-\u00a01")]
    [TestCase("abc\0-1")]
    [TestCase("abc-1\0", Description = "The framework's parser takes trailing nulls.")]
    [TestCase("abc-\u0661", Description = "An Arabic-Indic digit.")]
    [TestCase("abc-\uff11", Description = "A full-width digit.")]
    [TestCase("abc-1\u0660")]
    [TestCase("\u0430bc-1", Description = "A Cyrillic letter that looks like an a.")]
    [TestCase("\uff41bc-1")]
    [TestCase("abc\u20101", Description = "A Unicode hyphen.")]
    [TestCase("ABC-1", Description = "Upper case: two texts for one epoch.")]
    [TestCase("aBc-1")]
    [TestCase("a.b-1")]
    [TestCase("a/b-1")]
    [TestCase("a%20-1")]
    [TestCase("abc-1.0", Description = "Other ways of writing numbers.")]
    [TestCase("abc-1,000")]
    [TestCase("abc-1e3")]
    [TestCase("abc-0x1")]
    [TestCase("abc-(1)")]
    [TestCase("abc-9223372036854775808", Description = "Beyond 64 bits.")]
    [TestCase("abc-18446744073709551616")]
    [TestCase("abc-99999999999999999999999999999999999999")]
    [TestCase("start", Description = "Places that a host chooses, never a client.")]
    [TestCase("end")]
    [TestCase("!start")]
    [TestCase("!start-0")]
    [TestCase("!end-0")]
    public void Text_that_is_not_a_cursor_is_refused(string? text)
    {
        Assert.That(EventCursor.TryParse(text, out var cursor), Is.False);
        Assert.That(cursor, Is.EqualTo(default(EventCursor)));
    }

    [Test]
    public void Overlong_text_is_refused()
    {
        Assert.That(EventCursor.TryParse(new string('a', 64) + "-1", out _), Is.True);
        Assert.That(EventCursor.TryParse(new string('a', 65) + "-1", out _), Is.False);
        Assert.That(EventCursor.TryParse(new string('a', EventCursor.MaxLength) + "-1", out _), Is.False);
        Assert.That(EventCursor.TryParse("a-" + new string('1', EventCursor.MaxLength), out _), Is.False);
        Assert.That(EventCursor.TryParse(new string('a', 1 << 20), out _), Is.False);
    }

    [Test]
    public void The_text_start_with_a_sequence_is_an_epoch_like_any_other()
    {
        Assert.That(EventCursor.TryParse("start-0", out var cursor), Is.True);
        Assert.That(cursor.IsStart, Is.False);
        Assert.That(cursor, Is.Not.EqualTo(EventCursor.Start));
        Assert.That(EventCursor.TryParse("end-0", out cursor), Is.True);
        Assert.That(cursor.IsEnd, Is.False);
    }

    [Test]
    public void Whatever_is_accepted_is_the_only_text_for_its_cursor()
    {
        const string Alphabet = "0123456789az------+.!Z\u0661\uff11\0";
        var random = new Random(20260101);
        var accepted = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var text = string.Create(random.Next(0, 8), random, static (span, source) =>
            {
                foreach (ref var c in span)
                {
                    c = Alphabet[source.Next(Alphabet.Length)];
                }
            });
            if (EventCursor.TryParse(text, out var cursor))
            {
                accepted++;
                Assert.That(cursor.ToString(), Is.EqualTo(text));
            }
        }

        Assert.That(accepted, Is.GreaterThan(1_000));
    }

    [TestCase("")]
    [TestCase("ABC")]
    [TestCase("a-b")]
    [TestCase("!start")]
    public void A_cursor_is_not_made_of_a_token_that_could_not_be_parsed_back(string epoch) =>
        Assert.That(() => new EventCursor(epoch, 1), Throws.ArgumentException.With.Message.Contains($"'{epoch}'").And.Message.Contains("[0-9a-z]"));

    [Test]
    public void A_cursor_is_not_made_of_a_negative_sequence_or_no_token()
    {
        Assert.That(() => new EventCursor("abc", -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("-1"));
        Assert.That(() => new EventCursor(null!, 1), Throws.ArgumentNullException);
    }

    [Test]
    public void Cursors_are_equal_when_epoch_and_sequence_are()
    {
        var cursor = new EventCursor("abc", 7);
        Assert.That(cursor == new EventCursor("abc", 7), Is.True);
        Assert.That(cursor.GetHashCode(), Is.EqualTo(new EventCursor("abc", 7).GetHashCode()));
        Assert.That(cursor != new EventCursor("abc", 8), Is.True);
        Assert.That(cursor != new EventCursor("abd", 7), Is.True);
        Assert.That(cursor.Equals((object)"abc-7"), Is.False);
        Assert.That(EventCursor.Start, Is.Not.EqualTo(EventCursor.End));
    }

    [Test]
    public void Start_and_end_are_places_without_an_epoch()
    {
        Assert.That((EventCursor.Start.IsStart, EventCursor.Start.IsEnd, EventCursor.Start.EpochToken), Is.EqualTo((true, false, string.Empty)));
        Assert.That((EventCursor.End.IsStart, EventCursor.End.IsEnd, EventCursor.End.EpochToken), Is.EqualTo((false, true, string.Empty)));
        Assert.That((default(EventCursor).IsStart, default(EventCursor).IsEnd, default(EventCursor).EpochToken), Is.EqualTo((false, false, string.Empty)));
        Assert.That((EventCursor.Start.ToString(), EventCursor.End.ToString(), default(EventCursor).ToString()), Is.EqualTo(("start", "end", string.Empty)));
    }
}
