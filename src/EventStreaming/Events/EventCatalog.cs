using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace EventStreaming;

/// <summary>
/// The declared event types of a bus. A type that is not declared is a Normal one: not critical, replayed on connect, noise
/// when a worker publishes it.
/// </summary>
/// <remarks>Immutable; safe to share between threads and between buses.</remarks>
public sealed class EventCatalog
{
    /// <summary>Undeclared names remembered with their descriptor, so that publishing them does not allocate: at most 1,024.</summary>
    private const int MaxRemembered = 1_024;

    private readonly FrozenDictionary<string, EventTypeDescriptor> _declared;
    private readonly ConcurrentDictionary<string, EventTypeDescriptor> _undeclared = new(StringComparer.Ordinal);

    // The types resolved last, by a cheap hash of their names: a publisher says the same few names over and over, and one comparison
    // costs a fifth of a dictionary. Races are harmless: a slot holds some resolved type or none.
    private readonly Slot[] _resolved = new Slot[64];

    /// <summary>Builds a catalog.</summary>
    /// <param name="types">The types; each name once.</param>
    /// <exception cref="ArgumentException">A name is declared twice, or a type is both critical and latest-wins.</exception>
    public EventCatalog(params IEnumerable<EventTypeDescriptor> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        var declared = new Dictionary<string, EventTypeDescriptor>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            if (type is { Critical: true, LatestWins: true })
            {
                throw new ArgumentException($"'{type.Name}' is both Critical and LatestWins: a critical event may not be skipped. Choose one.", nameof(types));
            }

            if (!declared.TryAdd(type.Name, type))
            {
                throw new ArgumentException($"'{type.Name}' is declared twice: declare each event type once.", nameof(types));
            }
        }

        _declared = declared.ToFrozenDictionary(StringComparer.Ordinal);
        Types = _declared.Values;
    }

    /// <summary>A catalog that declares nothing.</summary>
    public static EventCatalog Empty { get; } = new();

    /// <summary>The declared types, in no particular order.</summary>
    public IReadOnlyCollection<EventTypeDescriptor> Types { get; }

    /// <summary>Joins catalogs, as when a host adds its own types to a package's.</summary>
    /// <exception cref="ArgumentException">A name is declared in more than one of them by different descriptors.</exception>
    public static EventCatalog Combine(params IEnumerable<EventCatalog> catalogs)
    {
        ArgumentNullException.ThrowIfNull(catalogs);
        return new EventCatalog(catalogs.SelectMany(static catalog => catalog.Types).Distinct());
    }

    /// <summary>Finds a declared type by its name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out EventTypeDescriptor? type) => _declared.TryGetValue(name, out type);

    /// <summary>The descriptor of a type, declared or not.</summary>
    /// <exception cref="ArgumentException">The name is not one an event type may have.</exception>
    internal EventTypeDescriptor Resolve(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ref var slot = ref _resolved[(name.Length + (name[0] * 7) + (name[^1] * 31)) & (_resolved.Length - 1)];
        return slot.Type is { } type && string.Equals(type.Name, name, StringComparison.Ordinal) ? type : slot.Type = Find(name);
    }

    /// <summary>Of types that a reader asks for, those that are not declared, as a list for a log: a misspelt one would just never come.</summary>
    internal string FindUndeclared(IReadOnlyCollection<string>? types) =>
        types is null || _declared.Count == 0 ? string.Empty : string.Join(", ", types.Where(name => !_declared.ContainsKey(name)).Select(static name => $"'{name}'"));

    private EventTypeDescriptor Find(string name)
    {
        if (_declared.TryGetValue(name, out var type) || _undeclared.TryGetValue(name, out type))
        {
            return type;
        }

        type = new EventTypeDescriptor(name);
        return _undeclared.Count < MaxRemembered ? _undeclared.GetOrAdd(name, type) : type;
    }

    /// <summary>A struct, so that a reference to one needs no check of the array's real type.</summary>
    private struct Slot
    {
        public EventTypeDescriptor? Type;
    }
}
