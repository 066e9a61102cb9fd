using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming;

/// <summary>Configures one bus of a host. Packages hang their own <c>AddXxx</c> on it.</summary>
public sealed class EventStreamingBuilder
{
    internal EventStreamingBuilder(IServiceCollection services, string name)
    {
        Services = services;
        Name = name;
    }

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The bus's name, which is also the name of its options and its service key.</summary>
    public string Name { get; }
}
