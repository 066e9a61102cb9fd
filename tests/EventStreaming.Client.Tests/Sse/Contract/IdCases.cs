using static EventStreaming.Client.Tests.Sse.Contract.SseCase;

namespace EventStreaming.Client.Tests.Sse.Contract;

internal static class IdCases
{
    public static SseCase[] All { get; } =
    [
        Of("An id", "id: 1\ndata: x\n\n", Message("x", "1")),
        Of("An id after the data", "data: x\nid: 1\n\n", Message("x", "1")),
        Of("The last id of a block counts", "id: 1\nid: 2\ndata: x\n\n", Message("x", "2")),
        Of("An id stands for later events", "id: 1\ndata: a\n\ndata: b\n\n", Message("a", "1"), Message("b", "1")),
        Of("An id changes from event to event", "id: 1\ndata: a\n\nid: 2\ndata: b\n\n", Message("a", "1"), Message("b", "2")),
        Of("An id is a cursor's text", "id: 0jq4z-18\ndata: x\n\n", Message("x", "0jq4z-18")),
        Of("An id keeps its spaces", "id:  1 \ndata: x\n\n", Message("x", " 1 ")),
        Of("An id may have a colon", "id: a:1\ndata: x\n\n", Message("x", "a:1")),
        Of("An id may have any letters", "id: …é\ndata: x\n\n", Message("x", "…é")),
        Of("A block of an id alone commits it", "id: 42\n\n").Last("42"),
        Of("A block of an id alone is no event, and the next has its id", "id: 42\n\ndata: x\n\n", Message("x", "42")),
        Of("A block of id and event name commits the id", "event: e\nid: 42\n\ndata: x\n\n", Message("x", "42")),
        Of("A block of id and comment commits the id", ": c\nid: 42\n\n").Last("42"),
        Of("An id-only block ended by CR", "id: 42\r\r").Last("42"),
        Of("An empty id clears the cursor", "id: 1\ndata: a\n\nid:\ndata: b\n\n", Message("a", "1"), Message("b")),
        Of("An id of one space clears the cursor", "id: 1\ndata: a\n\nid: \ndata: b\n\n", Message("a", "1"), Message("b")),
        Of("An id field without a colon clears the cursor", "id: 1\ndata: a\n\nid\ndata: b\n\n", Message("a", "1"), Message("b")),
        Of("A block of an empty id alone clears the cursor", "id: 1\ndata: a\n\nid\n\n", Message("a", "1")).Last(null),
        Of("A cleared cursor stays cleared", "id: 1\n\nid\n\ndata: x\n\n", Message("x")),
        Of("An id with NUL is ignored", "id: 1\0\ndata: x\n\n", Message("x")),
        Of("An id of NUL alone is ignored", "id:\0\ndata: x\n\n", Message("x")),
        Of("An id with NUL in front is ignored", "id: \0" + "1\ndata: x\n\n", Message("x")),
        Of("An id with NUL leaves the block's earlier one", "id: 1\nid: 2\0\ndata: x\n\n", Message("x", "1")),
        Of("An id with NUL leaves the earlier block's", "id: 1\ndata: a\n\nid: a\0b\ndata: b\n\n", Message("a", "1"), Message("b", "1")),
        Of("An id after one with NUL counts", "id: 1\0\nid: 2\ndata: x\n\n", Message("x", "2")),
        Of("A longer id, then a shorter", "id: 1000\ndata: a\n\nid: 1\ndata: b\n\n", Message("a", "1000"), Message("b", "1")),
        Of("Names and ids do not mix", "id: 1\nevent: e\nid: 2\nevent: f\ndata: x\n\n", Event("f", "x", "2")),
        Of("A blank line without any field keeps the cursor", "id: 1\n\n\n\n").Last("1"),
    ];
}
