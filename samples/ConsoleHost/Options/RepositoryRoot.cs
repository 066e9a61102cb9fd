namespace ConsoleHost.Options;

/// <summary>Finds this repository from somewhere inside it.</summary>
internal static class RepositoryRoot
{
    public const string Mark = "EventStreaming.sln";

    public static string? Find(string from)
    {
        for (var directory = new DirectoryInfo(from); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, Mark)))
            {
                return directory.FullName;
            }
        }

        return null;
    }
}
