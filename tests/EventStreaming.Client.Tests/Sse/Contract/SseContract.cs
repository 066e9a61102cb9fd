using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse.Contract;

/// <summary>Every rule of parsing, of the HTML standard's section 9.2 and of what must hold beside it.</summary>
internal static class SseContract
{
    public static SseCase[] All { get; } =
        [.. LineEndCases.All, .. FieldCases.All, .. CommentCases.All, .. IdCases.All, .. RetryCases.All, .. EncodingCases.All, .. EndOfStreamCases.All];

    public static IEnumerable<TestCaseData> Cases => All.Select(static item => new TestCaseData(item).SetArgDisplayNames(item.Name));
}
