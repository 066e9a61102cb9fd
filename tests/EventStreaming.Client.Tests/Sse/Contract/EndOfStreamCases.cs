using static EventStreaming.Client.Tests.Sse.Contract.SseCase;

namespace EventStreaming.Client.Tests.Sse.Contract;

internal static class EndOfStreamCases
{
    public static SseCase[] All { get; } =
    [
        Of("Nothing", ""),
        Of("A stream that ends within a value", "data: x"),
        Of("A stream that ends before the blank line", "data: x\n"),
        Of("A stream that ends before the blank line, at a CR", "data: x\r"),
        Of("A stream that ends before the blank line, at a CRLF", "data: x\r\n"),
        Of("A stream that ends within a name", "dat"),
        Of("A stream that ends at a colon", "data:"),
        Of("A stream that ends in a comment", "data: x\n\n:", Message("x")),
        Of("Events before the end are kept", "data: a\n\ndata: b\n", Message("a")),
        Of("The id of a partial block is dropped", "id: 1\ndata: a\n\nid: 2\ndata: b\n", Message("a", "1")),
        Of("The id of a block without its blank line is dropped", "id: 2\n"),
        Of("An id without its line end is dropped", "id: 1\n\nid: 2").Last("1"),
        Of("An empty id in a partial block clears nothing", "id: 1\n\nid:\n").Last("1"),
        Of("Event name and data of a partial block are dropped", "data: a\n\nevent: e\ndata: b", Message("a")),
        Of("An event whose blank line is the last byte", "id: 1\ndata: x\n\n", Message("x", "1")),
        Of("An event whose blank line is a last CR", "id: 1\ndata: x\n\r", Message("x", "1")),
    ];
}
