namespace EventStreaming;

/// <summary>What the builder of one bus has gathered: catalogs and handlers. Keyed by the bus's name.</summary>
internal sealed class BusServices
{
    public List<EventCatalog> Catalogs { get; } = [];

    public List<HandlerRegistration> Handlers { get; } = [];
}
