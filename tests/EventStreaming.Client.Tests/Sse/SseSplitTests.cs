using EventStreaming.Client.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

internal sealed class SseSplitTests
{
#pragma warning disable NUnit1027 // FsCheck gives the argument.
    [FsCheck.NUnit.Property(Arbitrary = [typeof(SplitStream.Arbitraries)], MaxTest = 5_000, QuietOnSuccess = true)]
    public static async Task The_same_bytes_give_the_same_wherever_they_are_split(SplitStream stream)
    {
        var whole = await SseOutcome.ReadAsync(Chunks.One(stream.Bytes));

        Assert.That(await SseOutcome.ReadAsync(Chunks.At(stream.Bytes, stream.Places)), Is.EqualTo(whole));
        Assert.That(SseReference.Read(stream.Bytes), Is.EqualTo(whole));
    }

    [FsCheck.NUnit.Property(Arbitrary = [typeof(SplitStream.Arbitraries)], MaxTest = 2_000, QuietOnSuccess = true)]
    public static void At_each_byte_there_is_all_that_can_be_known(SplitStream stream)
    {
        var decoding = new SseDecoding();
        for (var length = 1; length <= stream.Bytes.Length; length++)
        {
            decoding.Feed(stream.Bytes.AsSpan(length - 1, 1));

            Assert.That(decoding.Outcome, Is.EqualTo(SseReference.Read(stream.Bytes[..length])));
        }
    }
#pragma warning restore NUnit1027
}
