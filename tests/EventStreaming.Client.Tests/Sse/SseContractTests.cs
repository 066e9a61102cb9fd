using EventStreaming.Client.Tests.Sse.Contract;
using EventStreaming.Client.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

internal sealed class SseContractTests
{
    // Beyond it, places to split at are many and alike.
    private const int ShortInput = 128;

    [TestCaseSource(typeof(SseContract), nameof(SseContract.Cases))]
    public async Task Holds_in_one_piece(SseCase rule) => Assert.That(await SseOutcome.ReadAsync(Chunks.One(rule.Input)), Is.EqualTo(rule.Expected));

    [TestCaseSource(typeof(SseContract), nameof(SseContract.Cases))]
    public async Task Holds_byte_by_byte(SseCase rule) => Assert.That(await SseOutcome.ReadAsync(Chunks.Single(rule.Input)), Is.EqualTo(rule.Expected));

    [TestCaseSource(typeof(SseContract), nameof(SseContract.Cases))]
    public async Task Holds_split_at_any_place(SseCase rule)
    {
        foreach (var place in Places(rule))
        {
            Assert.That(await SseOutcome.ReadAsync(Chunks.At(rule.Input, place)), Is.EqualTo(rule.Expected), $"Split at {place}.");
        }
    }

    [TestCaseSource(typeof(SseContract), nameof(SseContract.Cases))]
    public void Gives_at_each_byte_all_there_is_to_give(SseCase rule)
    {
        foreach (var place in Places(rule))
        {
            var decoding = new SseDecoding();
            decoding.Feed(rule.Input.AsSpan(0, place));

            Assert.That(decoding.Outcome, Is.EqualTo(SseReference.Read(rule.Input[..place])), $"After {place} bytes.");
        }
    }

    [TestCaseSource(typeof(SseContract), nameof(SseContract.Cases))]
    public void Is_what_the_reference_says_too(SseCase rule)
    {
        Assert.That(SseReference.Read(rule.Input), Is.EqualTo(rule.Expected));
        Assert.That(SseReference.ReadDecoded(rule.Input), Is.EqualTo(rule.Expected));
    }

    private static IEnumerable<int> Places(SseCase rule) => Enumerable.Range(0, rule.Input.Length + 1).Where(place => place < ShortInput || place > rule.Input.Length - 16);
}
