using System.Reflection;

namespace EventStreaming.Package.Tests.Support;

/// <summary>A program that references a package, as its users' programs do.</summary>
internal static class PackageUser
{
    /// <summary>Builds a console program against the packages, and runs it.</summary>
    /// <param name="name">The program's name, of this test alone.</param>
    /// <param name="program">Its <c>Program.cs</c>.</param>
    /// <param name="frameworkReference">A shared framework it needs beyond .NET itself; null for none.</param>
    /// <returns>The lines it printed.</returns>
    public static async Task<string[]> BuildAndRunAsync(string name, string program, string? frameworkReference = null)
    {
        var folder = await BuildAsync(name, new Dictionary<string, string>(StringComparer.Ordinal) { ["Program.cs"] = program }, ["EventStreaming"], "Exe", frameworkReference);
        var output = await Dotnet.RunAsync(folder, Path.Combine("bin", "Release", "net10.0", $"{name}.dll"));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Builds a project against packages.</summary>
    /// <param name="name">The project's name, of this test alone.</param>
    /// <param name="files">Its source by file names.</param>
    /// <param name="packages">Those of ours that it references.</param>
    /// <param name="outputType">What it is: a library, or a program.</param>
    /// <param name="frameworkReference">A shared framework it needs beyond its SDK's; null for none.</param>
    /// <param name="sdk">Its SDK.</param>
    /// <returns>Its folder.</returns>
    public static async Task<string> BuildAsync(
        string name,
        IReadOnlyDictionary<string, string> files,
        string[] packages,
        string outputType = "Library",
        string? frameworkReference = null,
        string sdk = "Microsoft.NET.Sdk")
    {
        var folder = Directory.CreateDirectory(Path.Combine(PackageFeed.WorkFolder, name)).FullName;
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), text);
        }

        var references = string.Concat(packages.Select(package => $"""<PackageReference Include="{package}" Version="[{PackageFeed.Version}]" />"""));
        if (frameworkReference is not null)
        {
            references += $"""<FrameworkReference Include="{frameworkReference}" />""";
        }

        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), ProjectFile(sdk, outputType, references));
        await Dotnet.BuildAsync(folder, "build");
        return folder;
    }

    // Our packages go to a folder that is deleted afterwards, not to the machine's cache; whatever else they need comes from there.
    private static string ProjectFile(string sdk, string outputType, string references) => $"""
        <Project Sdk="{sdk}">
          <PropertyGroup>
            <OutputType>{outputType}</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            <RestoreAdditionalProjectSources>{PackageFeed.Folder}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>{Path.Combine(PackageFeed.WorkFolder, "cache")}</RestorePackagesPath>
            <RestoreFallbackFolders>{MachineCache}</RestoreFallbackFolders>
          </PropertyGroup>
          <ItemGroup>{references}</ItemGroup>
        </Project>
        """;

    private static string MachineCache { get; } = typeof(PackageUser).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, "NuGetPackageRoot", StringComparison.Ordinal)).Value!;
}
