using NUnit.Framework;

namespace EventStreaming.Tests.PublicApi;

/// <summary>The public API is approved, so that no one changes it by accident.</summary>
internal sealed class PublicApiTests
{
    [Test]
    public void The_public_api_is_the_approved_one() => ApprovedApi.Check(typeof(EventBus).Assembly, "EventStreaming.Tests");

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
}
