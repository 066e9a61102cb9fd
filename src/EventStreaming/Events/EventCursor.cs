using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EventStreaming;

/// <summary>
/// A reader's place in a topic: <c>{epoch}-{sequence}</c>, meaning "I have seen everything up to and including this".
/// The same text is used by every transport, so a client may change transport in the middle of a run.
/// </summary>
/// <remarks>
/// A cursor that came from outside is untrusted input: parse it with <see cref="TryParse(string?, out EventCursor)"/>.
/// The value is immutable and safe to share between threads.
/// </remarks>
public readonly struct EventCursor : IEquatable<EventCursor>
{
    /// <summary>The longest accepted text, in characters (all ASCII, so also in bytes): 128.</summary>
    public const int MaxLength = 128;

    // Not well-formed epochs, so that no text from outside can be parsed into them.
    private const string StartToken = "!start";
    private const string EndToken = "!end";

    private readonly string? _epoch;

    /// <summary>Creates a cursor behind the event <paramref name="sequence"/> of the log <paramref name="epoch"/>.</summary>
    /// <param name="epoch">The log's token: 1 to 64 characters of <c>[0-9a-z]</c>.</param>
    /// <param name="sequence">The sequence of the last event seen, 0 or more; 0 is "before the first".</param>
    /// <exception cref="ArgumentException"><paramref name="epoch"/> has another form.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sequence"/> is negative.</exception>
    public EventCursor(string epoch, long sequence)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        if (!Epoch.IsWellFormed(epoch))
        {
            throw new ArgumentException($"'{epoch}' is not an epoch: use 1 to {Epoch.MaxLength} characters of [0-9a-z].", nameof(epoch));
        }

        _epoch = epoch;
        Sequence = sequence;
    }

    private EventCursor(string fixedPlace)
    {
        _epoch = fixedPlace;
        Sequence = 0;
    }

    /// <summary>Before the first event: the reader gets everything the topic still holds, and a gap for what it no longer holds.</summary>
    public static EventCursor Start { get; } = new(StartToken);

    /// <summary>Behind the newest event: the reader gets only what is published from now on.</summary>
    public static EventCursor End { get; } = new(EndToken);

    /// <summary>The token of the log this cursor points into; empty for <see cref="Start"/>, <see cref="End"/> and the default value.</summary>
    public string EpochToken => IsStart || IsEnd || _epoch is null ? string.Empty : _epoch;

    /// <summary>The sequence of the last event seen; 0 is "before the first".</summary>
    public long Sequence { get; }

    /// <summary>Whether this is <see cref="Start"/>.</summary>
    public bool IsStart => string.Equals(_epoch, StartToken, StringComparison.Ordinal);

    /// <summary>Whether this is <see cref="End"/>.</summary>
    public bool IsEnd => string.Equals(_epoch, EndToken, StringComparison.Ordinal);

    /// <summary>Compares two cursors by epoch and sequence.</summary>
    public static bool operator ==(EventCursor left, EventCursor right) => left.Equals(right);

    /// <summary>Compares two cursors by epoch and sequence.</summary>
    public static bool operator !=(EventCursor left, EventCursor right) => !left.Equals(right);

    /// <summary>
    /// Reads <c>{epoch}-{sequence}</c> strictly: at most <see cref="MaxLength"/> characters, the epoch of <c>[0-9a-z]</c>, the
    /// sequence in decimal digits without sign, blanks or leading zeros. <c>start</c> and <c>end</c> are not read: they are
    /// places a host chooses, not places a client can have been.
    /// </summary>
    /// <param name="text">The text, from a header, a query or a message; may be null.</param>
    /// <param name="cursor">The cursor, when the text is one.</param>
    /// <returns>Whether the text is a cursor. Never throws.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out EventCursor cursor) => TryParse(text.AsSpan(), out cursor);

    /// <inheritdoc cref="TryParse(string?, out EventCursor)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out EventCursor cursor)
    {
        cursor = default;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var dash = text.IndexOf('-');
        if (dash < 0 || !Epoch.IsWellFormed(text[..dash]))
        {
            return false;
        }

        var digits = text[(dash + 1)..];
        if (digits.IsEmpty || (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        // Tested here, because the framework's parser also takes trailing null characters.
        if (digits.ContainsAnyExceptInRange('0', '9') || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }

        cursor = new EventCursor(text[..dash].ToString(), sequence);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(EventCursor other) => Sequence == other.Sequence && string.Equals(_epoch, other._epoch, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EventCursor other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_epoch, Sequence);

    /// <summary>The cursor's text, <c>{epoch}-{sequence}</c>; <c>start</c> and <c>end</c> for the two fixed places.</summary>
    public override string ToString() =>
        IsStart ? "start"
        : IsEnd ? "end"
        : _epoch is null ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $"{_epoch}-{Sequence}");
}
