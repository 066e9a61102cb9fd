using EventStreaming.Package.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Package.Tests;

/// <summary>Packs every package once for all tests, from a copy of the source, so that the repository's own output stays as it is.</summary>
[SetUpFixture]
internal sealed class PackageFeed
{
    /// <summary>Holds all that these tests make.</summary>
    public static string WorkFolder { get; private set; } = "";

    /// <summary>Holds the packages.</summary>
    public static string Folder { get; private set; } = "";

    /// <summary>Their version: of this run alone, so that no cache can hold another package of that name and version.</summary>
    public static string Version { get; } = $"0.0.0-test.x{Guid.NewGuid():N}";

    /// <summary>Packs everything from a fresh copy of the source.</summary>
    /// <returns>The folder with the packages.</returns>
    public static async Task<string> PackAsync(string name)
    {
        var source = Path.Combine(WorkFolder, name);
        Repository.CopySourceTo(source);
        var solution = Path.Combine(source, "packages.slnx");
        var projects = Repository.PackageNames.Select(package => $"""<Project Path="src/{package}/{package}.csproj" />""");
        await File.WriteAllTextAsync(solution, $"<Solution>{string.Concat(projects)}</Solution>");

        // As a release is packed; the repository's build runs the analyzers.
        var packages = Path.Combine(source, "packages");
        await Dotnet.BuildAsync(source, "pack", solution, "-o", packages, $"-p:Version={Version}", "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false");
        return packages;
    }

    [OneTimeSetUp]
    public async Task Pack()
    {
        WorkFolder = Directory.CreateTempSubdirectory("eventstreaming-package-").FullName;

        // The same SDK for everything below.
        File.Copy(Path.Combine(Repository.Root, "global.json"), Path.Combine(WorkFolder, "global.json"));
        Folder = await PackAsync("source");
    }

    [OneTimeTearDown]
    public void Clean() => Directory.Delete(WorkFolder, recursive: true);
}
