using NUnit.Framework;

namespace EventStreaming.Package.Tests.Support;

/// <summary>The repository these tests were built in.</summary>
internal static class Repository
{
    /// <summary>Its root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The names of all packages: each folder of <c>src</c> with a project is one.</summary>
    public static string[] PackageNames { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Root, "src"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(Path.GetFileNameWithoutExtension)
            .OfType<string>()
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Copies what the packages are made from, without what has been built.</summary>
    public static void CopySourceTo(string folder)
    {
        Directory.CreateDirectory(folder);

        // In a work tree .git is a file: the copy is no part of any repository.
        foreach (var file in Directory.EnumerateFiles(Root).Where(path => Path.GetFileName(path) is not ".git"))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        CopyFolder(Path.Combine(Root, "src"), Path.Combine(folder, "src"));
    }

    private static void CopyFolder(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        foreach (var child in Directory.EnumerateDirectories(source).Where(path => Path.GetFileName(path) is not ("bin" or "obj")))
        {
            CopyFolder(child, Path.Combine(target, Path.GetFileName(child)));
        }
    }

    private static string FindRoot()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "EventStreaming.sln")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"There is no EventStreaming.sln above '{TestContext.CurrentContext.TestDirectory}'.");
        }

        return folder;
    }
}
