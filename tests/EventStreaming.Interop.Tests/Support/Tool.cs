namespace EventStreaming.Interop.Tests.Support;

/// <summary>Finds the programs that <c>setup.sh</c> installs.</summary>
internal static class Tool
{
    public static string Find(string name)
    {
        // Debian keeps servers where only root's PATH looks.
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Append("/usr/sbin");
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"There is no {name} on this machine. Run tests/run, or tests/EventStreaming.Interop.Tests/setup.sh, which installs it.");
    }
}
