using NUnit.Framework;

namespace EventStreaming.Tests.Support;

/// <summary>A test with a bus of its own, which knows the <see cref="SampleTypes"/>.</summary>
internal abstract class BusFixture
{
    protected const string Topic = "session-1";

    /// <summary>Made anew for each test.</summary>
    protected EventBus Bus { get; private set; } = null!;

    [SetUp]
    public void CreateBus() => Bus = SampleTypes.CreateBus(Configure);

    [TearDown]
    public async Task DisposeBusAsync() => await Bus.DisposeAsync();

    /// <summary>Sets the bus's limits where a test is about them.</summary>
    protected virtual void Configure(EventStreamingOptions options)
    {
        // The defaults.
    }
}
