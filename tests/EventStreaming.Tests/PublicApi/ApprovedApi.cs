using System.Reflection;
using NUnit.Framework;

namespace EventStreaming.Tests.PublicApi;

/// <summary>Compares an assembly's public API with the one its test project has approved.</summary>
internal static class ApprovedApi
{
    private const string AcceptVariable = "EVENTSTREAMING_ACCEPT_API";

    /// <param name="assembly">The assembly.</param>
    /// <param name="project">The test project, which has the approved text in PublicApi/{assembly}.approved.txt.</param>
    public static void Check(Assembly assembly, string project)
    {
        var actual = ApiText.Of(assembly);
        var name = $"{assembly.GetName().Name}.approved.txt";
        var file = Path.Combine(FindProject(project), "PublicApi", name);
        if (Environment.GetEnvironmentVariable(AcceptVariable) is "1")
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : string.Empty;
        Assert.That(actual, Is.EqualTo(approved), () => Explain(approved, actual, project, name));
    }

    private static string Explain(string approved, string actual, string project, string name)
    {
        var (before, after) = (approved.Split('\n'), actual.Split('\n'));
        var changes = before.Except(after, StringComparer.Ordinal).Select(static line => "- " + line)
            .Concat(after.Except(before, StringComparer.Ordinal).Select(static line => "+ " + line));
        return $"""
            The public API has changed:
            {string.Join('\n', changes)}
            If it is meant, accept it: {AcceptVariable}=1 dotnet test tests/{project} --filter FullyQualifiedName~PublicApi
            and commit PublicApi/{name}.
            """;
    }

    private static string FindProject(string project)
    {
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
