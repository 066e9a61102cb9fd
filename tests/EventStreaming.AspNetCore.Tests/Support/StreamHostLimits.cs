using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>What only tests of this assembly may look at: others share the host.</summary>
internal static class StreamHostLimits
{
    extension(StreamHost host)
    {
        public ConnectionLimits Limits => host.Services.GetRequiredService<EventStreamHttp>().Limits;
    }
}
