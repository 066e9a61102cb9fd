using static EventStreaming.Client.Tests.Sse.Contract.SseCase;

namespace EventStreaming.Client.Tests.Sse.Contract;

internal static class CommentCases
{
    public static SseCase[] All { get; } =
    [
        Of("A comment is ignored", ": c\ndata: x\n\n", Message("x")),
        Of("An empty comment is ignored", ":\ndata: x\n\n", Message("x")),
        Of("A comment is not a blank line", "data: a\n:\ndata: b\n\n", Message("a\nb")),
        Of("A field in a comment is none", ":data: x\n: id: 1\n:event:e\ndata: y\n\n", Message("y")),
        Of("Keepalives alone are nothing", ":\n\n:\n\n: ping\n\n"),
        Of("A keepalive between events", "data: a\n\n:\n\ndata: b\n\n", Message("a"), Message("b")),
        Of("A keepalive within a block ends it", "event: e\n:\n\ndata: x\n\n", Message("x")),
        Of("A comment of several colons", ":::\ndata: x\n\n", Message("x")),
        Of("A comment ended by CRLF", ": c\r\ndata: x\n\n", Message("x")),
        Of("A comment with a NUL", ":\0\ndata: x\n\n", Message("x")),
        Of("A long comment", ":" + new string('c', 5_000) + "\ndata: x\n\n", Message("x")),
        Of("The standard's example of comments", ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            Message("first event", "1"), Message("second event"), Message(" third event")),
        OfBytes("A comment that is not UTF-8", ":\xFF\xC3\ndata: x\n\n", Message("x")),
    ];
}
