using System.Diagnostics.CodeAnalysis;
using EventStreaming.Client.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

[SuppressMessage("Security", "CA5394", Justification = "The same inputs in every run.")]
internal sealed class SseFuzzTests
{
    private const int Inputs = 1_000_000;
    private const int MaxTokens = 16;

    // The reference costs more than the reader: one of so many inputs is compared with it.
    private const int ComparedShare = 4;

    private readonly Random _random = new(20_260_101);
    private readonly byte[] _input = new byte[MaxTokens * 64];

    [Test]
    public async Task A_million_hostile_streams_end_in_events_or_in_the_defined_error_within_the_limits()
    {
        var (events, errors) = (0, 0);
        for (var i = 0; i < Inputs; i++)
        {
            var input = _input.AsMemory(0, FillInput());
            var options = new SseReaderOptions { ReadTimeout = Timeout.InfiniteTimeSpan };
            if (i % 2 == 0)
            {
                (options.MaxEventBytes, options.MaxNameBytes) = (_random.Next(1, 64), _random.Next(1, 16));
            }

            await using var stream = new ChunkedStream(Pieces(input));
            var reader = new SseReader(stream, options);
            var outcome = await SseOutcome.ReadAsync(reader);

            if (reader.Capacity > options.MaxEventBytes + options.MaxNameBytes)
            {
                Assert.Fail($"{reader.Capacity} bytes are held, with limits of {options.MaxEventBytes} and {options.MaxNameBytes}: {Describe(input)}");
            }

            if (i / 2 % ComparedShare == 0)
            {
                Compare(input, options, outcome);
            }

            events += outcome.Frames.Count;
            errors += outcome.LimitHit ? 1 : 0;
        }

        // Inputs that show nothing would pass too.
        Assert.That(events, Is.GreaterThan(Inputs / 10));
        Assert.That(errors, Is.GreaterThan(Inputs / 20));
    }

    private static void Compare(ReadOnlyMemory<byte> input, SseReaderOptions options, SseOutcome outcome)
    {
        var bytes = input.ToArray();
        var expected = SseReference.Read(bytes, options.MaxEventBytes, options.MaxNameBytes);
        if (!outcome.Equals(expected))
        {
            Assert.That(outcome, Is.EqualTo(expected), Describe(input));
        }

        if (!expected.LimitHit && !expected.Equals(SseReference.ReadDecoded(bytes)))
        {
            Assert.That(expected, Is.EqualTo(SseReference.ReadDecoded(bytes)), $"The reference contradicts itself: {Describe(input)}");
        }
    }

    private static string Describe(ReadOnlyMemory<byte> input) => Convert.ToHexString(input.Span);

    private int FillInput()
    {
        var length = 0;
        for (var tokens = _random.Next(1, MaxTokens); tokens > 0; tokens--)
        {
            var token = StreamOfTokens.Tokens[_random.Next(StreamOfTokens.Tokens.Length)];
            token.CopyTo(_input, length);
            length += token.Length;
        }

        return length;
    }

    private IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> input)
    {
        for (var longest = _random.Next(1, 64); !input.IsEmpty;)
        {
            var length = Math.Min(input.Length, _random.Next(1, longest + 1));
            yield return input[..length];
            input = input[length..];
        }
    }
}
