using static EventStreaming.Client.Tests.Sse.Contract.SseCase;

namespace EventStreaming.Client.Tests.Sse.Contract;

internal static class LineEndCases
{
    public static SseCase[] All { get; } =
    [
        Of("LF ends a line", "data: x\n\n", Message("x")),
        Of("CR ends a line", "data: x\r\r", Message("x")),
        Of("CRLF ends a line", "data: x\r\n\r\n", Message("x")),
        Of("LF then CR are two ends", "data: x\n\r", Message("x")),
        Of("LF then CRLF", "data: x\n\r\n", Message("x")),
        Of("CRLF then LF", "data: x\r\n\n", Message("x")),
        Of("CRLF then CR", "data: x\r\n\r", Message("x")),
        Of("CR then CRLF", "data: x\r\r\n", Message("x")),
        Of("CR LF is one end, not two", "data: a\r\ndata: b\r\n\r\n", Message("a\nb")),
        Of("CR CR LF is two ends", "data: a\r\r\ndata: b\r\r\n", Message("a"), Message("b")),
        Of("LF LF CR CR: empty blocks are nothing", "data: a\n\n\r\rdata: b\n\n", Message("a"), Message("b")),
        Of("LF CR LF is two ends", "data: a\n\r\ndata: b\n\n", Message("a"), Message("b")),
        Of("All three ends in one stream", "data: a\n\ndata: b\r\rdata: c\r\n\r\n", Message("a"), Message("b"), Message("c")),
        Of("All three ends in one block", "data: a\ndata: b\rdata: c\r\n\n", Message("a\nb\nc")),
        Of("Events ended by CR follow one another", "data: a\r\rdata: b\r\rdata: c\r\r", Message("a"), Message("b"), Message("c")),
        Of("Events ended by CRLF follow one another", "data: a\r\n\r\ndata: b\r\n\r\n", Message("a"), Message("b")),
        Of("Fields ended by CR", "event: e\rid: 1\rdata: x\r\r", Event("e", "x", "1")),
        Of("Fields ended by CRLF", "event: e\r\nid: 1\r\ndata: x\r\n\r\n", Event("e", "x", "1")),
        Of("Fields with mixed ends", "event: e\rid: 1\ndata: x\r\n\n", Event("e", "x", "1")),
        Of("CR ends a comment", ": c\rdata: x\r\r", Message("x")),
        Of("CR ends a field without a colon", "data\r\r", Message("")),
        Of("CR right after a colon", "data:\r\r", Message("")),
        Of("CR right after colon and space", "data: \r\r", Message("")),
        Of("CRLF right after a colon", "data:\r\ndata:x\r\n\r\n", Message("\nx")),
        Of("LF after the CR of the last event is swallowed", "data: x\r\r\n", Message("x")),
        Of("LF LF after a CR: one is swallowed", "data: x\r\r\n\ndata: y\n\n", Message("x"), Message("y")),
        Of("Blank lines at the start", "\n\r\r\n\ndata: x\n\n", Message("x")),
        Of("A CR first of all", "\rdata: x\n\n", Message("x")),
        Of("A CRLF first of all", "\r\ndata: x\n\n", Message("x")),
        Of("Vertical tab and form feed end no line", "data: a\vb\fc\n\n", Message("a\vb\fc")),
        Of("NEL, LS and PS end no line", "data: a\u0085b\u2028c\u2029d\n\n", Message("a\u0085b\u2028c\u2029d")),
        Of("A record separator ends no line", "data: a\u001Eb\n\n", Message("a\u001Eb")),
        Of("An escaped line end is text", "data: a\\nb\n\n", Message("a\\nb")),
        Of("A line of one space is not blank", "data: a\n \ndata: b\n\n", Message("a\nb")),
        Of("A line of one tab is not blank", "data: a\n\t\ndata: b\n\n", Message("a\nb")),
    ];
}
