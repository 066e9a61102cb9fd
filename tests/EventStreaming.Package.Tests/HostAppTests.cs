using EventStreaming.Package.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Package.Tests;

internal sealed class HostAppTests
{
    [Test]
    public async Task A_host_that_references_the_package_publishes_handles_and_reads()
    {
        var program = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "tests", "EventStreaming.Package.Tests", "HostApp", "Program.cs"));

        var lines = await PackageUser.BuildAndRunAsync("HostApp", program, "Microsoft.AspNetCore.App");

        // The reader and the handler run side by side: only the order within each is given.
        Assert.That(LinesOf("read"), Is.EqualTo("read 1 progress Progress { Percent = 50 }; read 2 progress Progress { Percent = 100 }; read 3 done all well"));
        Assert.That(LinesOf("handled"), Is.EqualTo("handled 1 50 %; handled 2 100 %"));
        Assert.That(lines, Has.Member("ended Completed").And.Member($"version {PackageFeed.Version}"));

        string LinesOf(string who) => string.Join("; ", lines.Where(line => line.StartsWith(who + " ", StringComparison.Ordinal)));
    }
}
