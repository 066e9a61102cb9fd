using Microsoft.Extensions.Primitives;

namespace EventStreaming.AspNetCore;

/// <summary>The event types that a client asked for, sorted into those the bus's catalog declares and the others.</summary>
/// <param name="Known">Those to be read; null for all.</param>
/// <param name="Ignored">Those nobody declares; null when there are none. Each is a valid name, so it can be shown.</param>
internal readonly record struct RequestedTypes(IReadOnlyList<string>? Known, IReadOnlyList<string>? Ignored)
{
    /// <summary>Reads <c>a,b</c>, which may come in several parts.</summary>
    /// <param name="values">The parts.</param>
    /// <param name="catalog">What is declared; when it is empty, every valid name is taken for known.</param>
    /// <param name="maximum">The most types.</param>
    /// <param name="types">The types, when nothing is wrong.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Refusal? Read(StringValues values, EventCatalog catalog, int maximum, out RequestedTypes types)
    {
        types = default;
        HashSet<string>? known = null;
        HashSet<string>? ignored = null;
        var count = 0;
        foreach (var part in values)
        {
            foreach (var range in part.AsSpan().Split(','))
            {
                var span = part.AsSpan()[range].Trim();
                if (span.IsEmpty)
                {
                    continue;
                }

                // Before anything is made of it.
                if (++count > maximum)
                {
                    return Refusal.TooManyTypes(maximum);
                }

                if (span.Length > EventTypeDescriptor.MaxNameLength || span.ContainsAnyExceptInRange('!', '~'))
                {
                    return Refusal.InvalidType(count);
                }

                var name = span.ToString();
                ((IsKnown(name, catalog) ? ref known : ref ignored) ??= new HashSet<string>(StringComparer.Ordinal)).Add(name);
            }
        }

        if (known is null && ignored is not null)
        {
            return Refusal.UnknownTypes([.. ignored], catalog);
        }

        types = new RequestedTypes(known is null ? null : [.. known], ignored is null ? null : [.. ignored]);
        return null;
    }

    /// <summary>The stream's own types are not known: they come unasked, and cannot be left out.</summary>
    private static bool IsKnown(string name, EventCatalog catalog) =>
        catalog.Types.Count == 0 ? EventTypeDescriptor.IsValidName(name) : catalog.TryGet(name, out _);
}
