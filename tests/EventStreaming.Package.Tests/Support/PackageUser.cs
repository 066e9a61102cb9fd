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
        var folder = Directory.CreateDirectory(Path.Combine(PackageFeed.WorkFolder, name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), ProjectFile(frameworkReference));

        await Dotnet.BuildAsync(folder, "build");
        var output = await Dotnet.RunAsync(folder, Path.Combine("bin", "Release", "net10.0", $"{name}.dll"));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    // Our packages go to a folder that is deleted afterwards, not to the machine's cache; whatever else they need comes from there.
    private static string ProjectFile(string? frameworkReference) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <InvariantGlobalization>true</InvariantGlobalization>
            <RestoreAdditionalProjectSources>{PackageFeed.Folder}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>{Path.Combine(PackageFeed.WorkFolder, "cache")}</RestorePackagesPath>
            <RestoreFallbackFolders>{MachineCache}</RestoreFallbackFolders>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="EventStreaming" Version="[{PackageFeed.Version}]" />
            {(frameworkReference is null ? "" : $"""<FrameworkReference Include="{frameworkReference}" />""")}
          </ItemGroup>
        </Project>
        """;

    private static string MachineCache { get; } = typeof(PackageUser).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, "NuGetPackageRoot", StringComparison.Ordinal)).Value!;
}
