using EventStreaming.Client.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace EventStreaming.Client.Tests.Sse;

/// <summary>A stream and the places it is split at.</summary>
internal sealed record SplitStream(byte[] Bytes, int[] Places)
{
    public override string ToString() => $"{Convert.ToHexString(Bytes)} split at {string.Join(',', Places)}";

    internal static class Arbitraries
    {
        public static Arbitrary<SplitStream> SplitStreams() => Arb.From(
            from tokens in Gen.ListOf(Gen.Elements(StreamOfTokens.Tokens))
            let bytes = tokens.SelectMany(static token => token).ToArray()
            from places in Gen.ListOf(Gen.Choose(0, bytes.Length))
            select new SplitStream(bytes, [.. places]));
    }
}
