using EventStreaming.Package.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Package.Tests;

internal sealed class ReadmeTests
{
    private const string Heading = "## A program in ten lines";

    [Test]
    public async Task The_readmes_program_in_ten_lines_builds_against_the_package_and_runs()
    {
        var program = ReadmeCode.Of("README.md").First(block => string.Equals(block.Heading, Heading, StringComparison.Ordinal)).Lines;

        // Ten lines of code: what has no letter is blank or a brace.
        Assert.That(program.Count(line => line.Any(char.IsAsciiLetter)), Is.InRange(1, 10));
        Assert.That(await PackageUser.BuildAndRunAsync("ReadmeProgram", string.Join('\n', program)), Is.Not.Empty);
    }

    /// <summary>An error names the README and its line.</summary>
    [Test]
    public async Task The_code_in_every_readme_builds_against_the_packages()
    {
        string[] readmes = ["README.md", .. Repository.PackageNames.Select(package => $"src/{package}/README.md")];
        var surroundings = Path.Combine(Repository.Root, "tests", "EventStreaming.Package.Tests", "ReadmeCode", "Surroundings.cs");
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { ["Surroundings.cs"] = await File.ReadAllTextAsync(surroundings) };
        foreach (var block in readmes.SelectMany(ReadmeCode.Of))
        {
            files.Add($"{block.Name}.cs", block.ToSource());
        }

        Assert.That(files, Has.Count.GreaterThan(25));
        await PackageUser.BuildAsync("ReadmeCode", files, Repository.PackageNames, sdk: "Microsoft.NET.Sdk.Web");
    }
}
