using EventStreaming.Package.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Package.Tests;

internal sealed class ReadmeProgramTests
{
    private const string Heading = "## A program in ten lines";

    [Test]
    public async Task The_readmes_program_in_ten_lines_builds_against_the_package_and_runs()
    {
        var program = FirstProgramUnder(Heading, await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "README.md")));

        // Ten lines of code: what has no letter is blank or a brace.
        Assert.That(program.Count(line => line.Any(char.IsAsciiLetter)), Is.InRange(1, 10));
        Assert.That(await PackageUser.BuildAndRunAsync("ReadmeProgram", string.Join('\n', program)), Is.Not.Empty);
    }

    private static string[] FirstProgramUnder(string heading, string[] lines) =>
    [
        .. lines.SkipWhile(line => !string.Equals(line, heading, StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .SkipWhile(line => line is not "```csharp")
            .Skip(1)
            .TakeWhile(line => line is not "```"),
    ];
}
