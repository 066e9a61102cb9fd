using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>The streams that agents really sent.</summary>
internal static class Captured
{
    public static string Folder => Path.Combine(TestContext.CurrentContext.TestDirectory, "Mapping", "Captured");

    public static FileStream Open(string file) => File.OpenRead(Path.Combine(Folder, file));
}
