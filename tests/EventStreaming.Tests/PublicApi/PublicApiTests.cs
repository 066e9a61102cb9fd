using NUnit.Framework;

namespace EventStreaming.Tests.PublicApi;

/// <summary>The public API is approved, so that no one changes it by accident.</summary>
internal sealed class PublicApiTests
{
    private const string AcceptVariable = "EVENTSTREAMING_ACCEPT_API";

    [Test]
    public void The_public_api_is_the_approved_one()
    {
        var actual = ApiText.Of(typeof(EventBus).Assembly);
        var file = Path.Combine(FindProject(), "PublicApi", "EventStreaming.approved.txt");
        if (Environment.GetEnvironmentVariable(AcceptVariable) is "1")
        {
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : string.Empty;
        Assert.That(actual, Is.EqualTo(approved), () => Explain(approved, actual));
    }

    [Test]
    public void The_text_says_what_a_caller_depends_on()
    {
        var text = ApiText.Of(typeof(EventBus).Assembly);

        Assert.That(text, Does.Contain("public sealed class EventBus : IAsyncDisposable, IDisposable, IEventBus\n"));
        Assert.That(text, Does.Contain("    public StreamEvent Publish(string topic, in EventDraft draft);\n"));
        Assert.That(text, Does.Contain("    public string? Topic { get; set; }\n"));
        Assert.That(text, Does.Contain("    public const string DefaultName = \"default\";\n"));
        Assert.That(text, Does.Contain("    HostStopping = 6,\n"));
        Assert.That(text, Does.Contain("public static EventSubscription Subscribe(this IEventBus bus, string topic, EventCursor? from = null, CancellationToken cancellationToken = default);\n"));
        Assert.That(text, Does.Contain("where THandler : class, IEventHandler<TData>"));
        Assert.That(text, Does.Not.Contain("internal").And.Not.Contain("<Clone>$").And.Not.Contain("get_"));
    }

    private static string Explain(string approved, string actual)
    {
        var (before, after) = (approved.Split('\n'), actual.Split('\n'));
        var changes = before.Except(after, StringComparer.Ordinal).Select(static line => "- " + line)
            .Concat(after.Except(before, StringComparer.Ordinal).Select(static line => "+ " + line));
        return $"""
            The public API has changed:
            {string.Join('\n', changes)}
            If it is meant, accept it: {AcceptVariable}=1 dotnet test tests/EventStreaming.Tests --filter FullyQualifiedName~PublicApi
            and commit PublicApi/EventStreaming.approved.txt.
            """;
    }

    private static string FindProject()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "EventStreaming.Tests.csproj")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"EventStreaming.Tests.csproj is in no folder above {AppContext.BaseDirectory}: run the tests from the source tree.");
    }
}
