using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    /// <summary>The bus's name, which is also its service key.</summary>
    public string Name { get; }

    /// <summary>
    /// The name under which what belongs to the bus has its options: of the host's own bus the options' own default, so that <c>services.Configure&lt;TOptions&gt;(…)</c> means that
    /// one; of another its <see cref="Name"/>.
    /// </summary>
    public string OptionsName => string.Equals(Name, EventBus.DefaultName, StringComparison.Ordinal) ? Options.DefaultName : Name;
}
