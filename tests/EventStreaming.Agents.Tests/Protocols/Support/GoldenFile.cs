using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Compares what was sent with a file, byte for byte: one message to a line.</summary>
internal static class GoldenFile
{
    private const string AcceptVariable = "EVENTSTREAMING_ACCEPT_WIRE";

    public static void Check(string name, IReadOnlyList<string> messages)
    {
        var file = Path.Combine(Find(), "Protocols", "Golden", name + ".txt");
        var actual = string.Concat(messages.Select(static message => message + "\n"));
        if (Environment.GetEnvironmentVariable(AcceptVariable) is "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.That(actual, Is.EqualTo(File.Exists(file) ? File.ReadAllText(file) : string.Empty), $"If the change is meant and right by the protocol's specification: {AcceptVariable}=1");
    }

    private static string Find()
    {
        const string project = "EventStreaming.Agents.Tests";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, project + ".csproj")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"{project}.csproj is in no folder above {AppContext.BaseDirectory}: run the tests from the source tree.");
    }
}
