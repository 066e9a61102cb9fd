using EventStreaming.Tests.PublicApi;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.PublicApi;

/// <summary>The public API is approved, so that no one changes it by accident.</summary>
internal sealed class PublicApiTests
{
    [Test]
    public void The_public_api_is_the_approved_one() => ApprovedApi.Check(typeof(AgentEvents).Assembly, "EventStreaming.Agents.Tests");
}
