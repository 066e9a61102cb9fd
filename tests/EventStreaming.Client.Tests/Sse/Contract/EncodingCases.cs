using static EventStreaming.Client.Tests.Sse.Contract.SseCase;

namespace EventStreaming.Client.Tests.Sse.Contract;

internal static class EncodingCases
{
    private const string Mark = "\u00EF\u00BB\u00BF";

    public static SseCase[] All { get; } =
    [
        Of("Letters of two, three and four bytes", "data: é…𝄞\n\n", Message("é…𝄞")),
        Of("An event name beyond ASCII", "event: événement\ndata: x\n\n", Event("événement", "x")),
        OfBytes("One leading byte order mark is dropped", Mark + "data: x\n\n", Message("x")),
        OfBytes("A second one belongs to the name", Mark + Mark + "data: x\ndata: y\n\n", Message("y")),
        OfBytes("A byte order mark on a later line belongs to the name", "data: a\n" + Mark + "data: b\n\n", Message("a")),
        OfBytes("A byte order mark after a blank line belongs to the name", "\n" + Mark + "data: b\n\n"),
        OfBytes("A byte order mark in a value stays", "data:" + Mark + "x\n\n", Message("\uFEFFx")),
        OfBytes("A byte order mark, then a blank line", Mark + "\n\ndata: x\n\n", Message("x")),
        OfBytes("A byte order mark, then CRLF", Mark + "\r\ndata: x\n\n", Message("x")),
        OfBytes("A byte order mark, then a comment", Mark + ":\n\ndata: x\n\n", Message("x")),
        OfBytes("A byte order mark alone", Mark),
        OfBytes("One byte of a mark belongs to the name", "\xEF" + "data: x\ndata: y\n\n", Message("y")),
        OfBytes("Two bytes of a mark belong to the name", "\xEF\xBB" + "data: x\ndata: y\n\n", Message("y")),
        OfBytes("Two bytes of a mark on a line of their own", "\xEF\xBB\ndata: y\n\n", Message("y")),
        OfBytes("Two bytes of a mark and a CR", "\xEF\xBB\rdata: y\r\r", Message("y")),
        OfBytes("Part of a mark, then all of it", "\xEF\xEF\xBB\xBF" + "data: x\ndata: y\n\n", Message("y")),
        OfBytes("The mark of UTF-16 is none", "\xFE\xFF" + "data: x\ndata: y\n\n", Message("y")),
        OfBytes("A stray byte is U+FFFD", "data: a\xFF" + "b\n\n", Message("a\uFFFDb")),
        OfBytes("A stray continuation is U+FFFD", "data: a\x80" + "b\n\n", Message("a\uFFFDb")),
        OfBytes("A letter cut off by the line's end is one U+FFFD", "data: \xE2\x80\ndata: \xA6\n\n", Message("\uFFFD\n\uFFFD")),
        OfBytes("A letter cut off by the event's end is one U+FFFD", "data: \xF0\x9D\x84\n\n", Message("\uFFFD")),
        OfBytes("An overlong form is U+FFFD for each byte", "data: \xC0\xAF\n\n", Message("\uFFFD\uFFFD")),
        OfBytes("A surrogate is U+FFFD for each byte", "data: \xED\xA0\x80\n\n", Message("\uFFFD\uFFFD\uFFFD")),
        OfBytes("An overlong LF ends no line", "data: a\xC0\x8A" + "b\n\n", Message("a\uFFFD\uFFFDb")),
        OfBytes("A cut-off letter does not take the line end with it", "data: a\xE2\n\n", Message("a\uFFFD")),
        OfBytes("A stray byte in an event name", "event: \xFF\ndata: x\n\n", Event("\uFFFD", "x")),
        OfBytes("A stray byte in an id", "id: \xFF\ndata: x\n\n", Message("x", "\uFFFD")),
        OfBytes("A stray byte in a field's name", "\xFF" + "data: x\nda\xFFta: x\ndata: y\n\n", Message("y")),
    ];
}
