using System.Text;

namespace EventStreaming.Client.Tests.Support;

/// <summary>Hostile streams: the bytes and words that the rules of parsing turn on, in any order.</summary>
internal static class StreamOfTokens
{
    public static byte[][] Tokens { get; } =
    [
        .. Texts("data", "data:", "data: ", "data: x", "event", "event:", "event: e", "id", "id:", "id: 1", "id: 2", "id: \0", "retry", "retry:", "retry: 10", "retry: 99999999999999999999"),
        .. Texts("\n", "\r", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\n", "\r", "\n\n"),
        .. Texts("data: x\n", "data: y\r", "data\r\n", "data: z\n\n", "data:\r\r", "id: 3\n", "id\r", "event: f\n", "event\r\n", ":\n\n", "\n\n", "\r\r"),
        .. Texts(":", " ", "\0", "x", "é", "…", "𝄞", "\u2028", "\u0085", "\uFEFF", "\uFEFF", "dat", "7", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        [0xEF], [0xEF, 0xBB], [0xBB, 0xBF], [0xFF], [0x80], [0xC3], [0xE2, 0x80], [0xF0, 0x9D, 0x84], [0xC0, 0x8A], [0xED, 0xA0, 0x80],
    ];

    private static IEnumerable<byte[]> Texts(params string[] texts) => texts.Select(Encoding.UTF8.GetBytes);
}
