namespace EventStreaming.Client;

/// <summary>The descriptors of the types that come: the catalog's, the stream's own, and one for each other name, which a foreign server may choose freely.</summary>
internal sealed class ReceivedTypes(EventCatalog catalog)
{
    // What is kept has a bound; beyond it each event has a descriptor of its own.
    private const int MaxKept = 256;

    private readonly Dictionary<string, EventTypeDescriptor> _others = new(StringComparer.Ordinal);

    public EventTypeDescriptor Get(string name)
    {
        if (catalog.TryGet(name, out var type) || _others.TryGetValue(name, out type))
        {
            return type;
        }

        type = name switch
        {
            ControlEvents.Open => ControlEvents.OpenType,
            ControlEvents.Gap => ControlEvents.GapType,
            ControlEvents.End => ControlEvents.EndType,
            ControlEvents.Upstream => ControlEvents.UpstreamType,
            _ => new EventTypeDescriptor(name, control: name.StartsWith(ControlEvents.Prefix, StringComparison.Ordinal)),
        };
        if (_others.Count < MaxKept)
        {
            _others.Add(name, type);
        }

        return type;
    }
}
