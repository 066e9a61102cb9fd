using Microsoft.Extensions.Primitives;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sources;

internal sealed class ViaHeaderTests
{
    [TestCase("1.0 fred, HTTP/2 relay-1 (a comment)", "fred", "relay-1")]
    [TestCase("1.1 a,,nonsense,1.1 b c d, 1.1 z", "a", "z")]
    [TestCase("1.1 h\u00fctte, 1.1 \u4f60\u597d, 1.1 z", "z", Description = "They can be read, and never be written again.")]
    public void What_cannot_be_passed_on_is_left_out(string header, params string[] names) => Assert.That(ViaHeader.Read(new StringValues(header)), Is.EqualTo(names));
}
