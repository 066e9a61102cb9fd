using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming;

/// <summary>
/// What the system knows of one event type. Declared once, in an <see cref="EventCatalog"/>; every list there is
/// (critical types, types replayed to a late viewer, types workers may surface) is derived from these, so none can rot.
/// </summary>
/// <remarks>Immutable once built; safe to share between threads and between buses.</remarks>
public class EventTypeDescriptor
{
    /// <summary>The longest event type name, in characters: 128.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Declares a type whose payload may be anything.</summary>
    /// <param name="name">The name, such as <c>tool_call.start</c>: 1 to 128 visible ASCII characters, not starting with <c>stream.</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> has another form.</exception>
    public EventTypeDescriptor(string name)
    {
        Validate(name);
        Name = name;
    }

    internal EventTypeDescriptor(string name, bool control)
    {
        Name = name;
        IsControl = control;
    }

    /// <summary>The name on the wire.</summary>
    public string Name { get; }

    /// <summary>Never silently lost: see the promise at <see cref="SubscriptionOptions.CriticalReserve"/>. Default false.</summary>
    public bool Critical { get; init; }

    /// <summary>Whether a fresh connect, without a cursor, gets earlier events of this type. Default true: a late viewer sees what happened.</summary>
    public bool ReplayOnConnect { get; init; } = true;

    /// <summary>Whether such an event ends its topic's streams. Default false. See also <see cref="EventTypeDescriptor{TData}.TerminalWhen"/>.</summary>
    public bool Terminal { get; init; }

    /// <summary>Whether an event of this type passes to a session's readers when a worker published it. Default false: it is noise there.</summary>
    public bool SurfaceFromWorkers { get; init; }

    /// <summary>
    /// Whether a newer event replaces an older one of the same key, as with progress: a fresh connect gets only the newest,
    /// and a reader with <see cref="SubscriptionOptions.LatestWins"/> skips the ones it was too slow for. Default false.
    /// The key is type, source and run, and what <see cref="EventTypeDescriptor{TData}.Key"/> adds.
    /// Not together with <see cref="Critical"/>, which may not be skipped.
    /// </summary>
    public bool LatestWins { get; init; }

    /// <summary>The type of the payload, or null when it may be anything.</summary>
    public virtual Type? DataType => null;

    /// <summary>How the payload is written as JSON, or null: then the encoder's own options decide.</summary>
    public virtual JsonTypeInfo? JsonTypeInfo => null;

    /// <summary>True for the stream's own (<see cref="ControlEvents"/>).</summary>
    internal bool IsControl { get; }

    /// <summary>Whether an event type may have this name, which may come from a client. Never throws.</summary>
    /// <param name="name">The name.</param>
    public static bool IsValidName([NotNullWhen(true)] string? name) =>
        IsPrintable(name) && !name.StartsWith(ControlEvents.Prefix, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static void Validate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!IsPrintable(name))
        {
            throw new ArgumentException(
                $"'{Printable(name)}' is not an event type: use 1 to {MaxNameLength} visible ASCII characters, such as 'tool_call.start'.", nameof(name));
        }

        if (name.StartsWith(ControlEvents.Prefix, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{name}' is reserved: names that start with '{ControlEvents.Prefix}' are the stream's own. Choose another prefix.", nameof(name));
        }
    }

    /// <summary>Judges a payload that is to be published as this type.</summary>
    /// <exception cref="ArgumentException">It is not of the declared type.</exception>
    internal virtual EventJudgement Judge(object? data) => new(GetTraits(Terminal), EventSize.OfPayload(data), Key: null);

    /// <summary>What an event of this type is because of who says it.</summary>
    internal EventTraits GetSourceTraits(string? source) =>
        source is null || !source.StartsWith(StreamEvent.WorkerPrefix, StringComparison.Ordinal) ? EventTraits.None
        : SurfaceFromWorkers ? EventTraits.FromWorker
        : EventTraits.FromWorker | EventTraits.WorkerNoise;

    /// <summary>What an event of this type is, given whether it is terminal.</summary>
    private protected EventTraits GetTraits(bool isTerminal)
    {
        var traits = ReplayOnConnect ? EventTraits.Published | EventTraits.ReplayOnConnect : EventTraits.Published;
        if (isTerminal)
        {
            // An end that could be dropped would leave readers waiting for ever, so it is critical whatever was declared.
            return traits | EventTraits.Terminal | EventTraits.Critical;
        }

        return Critical ? traits | EventTraits.Critical
            : LatestWins ? traits | EventTraits.LatestWins
            : traits;
    }

    private static bool IsPrintable([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && !name.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static string Printable(string name) =>
        string.Concat(name.Take(40).Select(static c => c is >= ' ' and <= '~' ? c : '?')) + (name.Length > 40 ? "…" : string.Empty);
}
