namespace EventStreaming.Client.Tests.Support;

/// <summary>Ways to split bytes.</summary>
internal static class Chunks
{
    public static IEnumerable<ReadOnlyMemory<byte>> One(byte[] bytes) => [bytes];

    public static IEnumerable<ReadOnlyMemory<byte>> Single(byte[] bytes) => Enumerable.Range(0, bytes.Length).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(i, 1));

    /// <summary>Splits at the given places, in any order.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> At(byte[] bytes, params IEnumerable<int> places)
    {
        var start = 0;
        foreach (var place in places.Order().Append(bytes.Length))
        {
            yield return bytes.AsMemory(start, place - start);
            start = place;
        }
    }
}
