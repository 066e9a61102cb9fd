using static EventStreaming.Client.Tests.Sse.Contract.SseCase;

namespace EventStreaming.Client.Tests.Sse.Contract;

internal static class RetryCases
{
    public static SseCase[] All { get; } =
    [
        Of("A retry", "retry: 3000\n\n").Retry(3_000),
        Of("A retry without a space", "retry:3000\n\n").Retry(3_000),
        Of("A retry counts at the end of its line", "retry: 3000\n").Retry(3_000),
        Of("A retry without a line end does not count", "retry: 3000"),
        Of("A retry at a CR", "retry: 3000\r").Retry(3_000),
        Of("A retry beside data", "retry: 3000\ndata: x\n\n", Message("x")).Retry(3_000),
        Of("A retry of zero", "retry: 0\n\n").Retry(0),
        Of("Leading zeros", "retry: 007\n\n").Retry(7),
        Of("Very many leading zeros", "retry: " + new string('0', 400) + "12\n\n").Retry(12),
        Of("The last retry counts", "retry: 1\nretry: 2\n\nretry: 3\n\n").Retry(3),
        Of("An invalid retry leaves the valid one", "retry: 5\nretry: x\n\n").Retry(5),
        Of("A valid retry after an invalid one counts", "retry: x\nretry: 5\n\n").Retry(5),
        Of("An empty retry is ignored", "retry: 5\nretry:\n\n").Retry(5),
        Of("A retry field without a colon is ignored", "retry: 5\nretry\n\n").Retry(5),
        Of("A retry of one space is ignored", "retry: 5\nretry: \n\n").Retry(5),
        Of("A minus is no digit", "retry: -1\n\n"),
        Of("A plus is no digit", "retry: +1\n\n"),
        Of("A point is no digit", "retry: 1.5\n\n"),
        Of("A comma is no digit", "retry: 1,000\n\n"),
        Of("An exponent is no digit", "retry: 1e3\n\n"),
        Of("A hexadecimal number is none", "retry: 0x10\n\n"),
        Of("A second leading space is no digit", "retry:  1\n\n"),
        Of("A trailing space is no digit", "retry: 1 \n\n"),
        Of("A unit is no digit", "retry: 3000ms\n\n"),
        Of("Text before digits", "retry: x1\n\n"),
        Of("Arabic-Indic digits are not ASCII", "retry: \u0661\u0662\n\n"),
        Of("Full-width digits are not ASCII", "retry: \uFF11\n\n"),
        Of("A NUL is no digit", "retry: 1\0\n\n"),
        Of("The largest delay that every timer takes", "retry: 2147483647\n\n").Retry(int.MaxValue),
        Of("A larger one is that", "retry: 2147483648\n\n").Retry(int.MaxValue),
        Of("More than 64 bits", "retry: 99999999999999999999999999\n\n").Retry(int.MaxValue),
        Of("More than a buffer of digits", "retry: " + new string('9', 5_000) + "\n\n").Retry(int.MaxValue),
    ];
}
