using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace EventStreaming.AspNetCore;

/// <summary>
/// The tickets of this process that wait to be used. Each is 256 random bits, serves once, for one topic, for seconds. Thread-safe.
/// </summary>
/// <remarks>
/// They are kept by their digest: what is looked up takes as long whatever was sent, and nobody who reads the memory gets a ticket to use.
/// </remarks>
internal sealed class TicketStore(IOptions<EventStreamTicketOptions> options, EventStreamHttp http)
{
    private const int SecretLength = 32;
    private static readonly int s_textLength = Base64Url.GetEncodedLength(SecretLength);

    private readonly EventStreamTicketOptions _options = options.Value;
    private readonly KeyedLimit _perPrincipal = new(options.Value.MaxOutstandingPerPrincipal);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byDigest = new(StringComparer.Ordinal);

    // Oldest first: all have the same lifetime.
    private readonly LinkedList<Entry> _byAge = new();

    public int Outstanding
    {
        get
        {
            lock (_gate)
            {
                return _byAge.Count;
            }
        }
    }

    /// <summary>Makes a ticket, or says why not.</summary>
    public Refusal? TryMake(string bus, string topic, ClaimsPrincipal user, DateTimeOffset? userExpiresAt, string? principal, out EventStreamTicket ticket)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretLength);
        var now = http.TimeProvider.GetUtcNow();
        ticket = new EventStreamTicket(Base64Url.EncodeToString(secret), now + _options.Lifetime);
        var digest = DigestOf(secret);
        lock (_gate)
        {
            while (_byAge.First is { } oldest && IsExpired(oldest.Value))
            {
                Remove(oldest);
            }

            if (_byAge.Count >= _options.MaxOutstanding)
            {
                return Refusal.TooManyTickets;
            }

            KeyedLimit.Key? entered = null;
            if (principal is not null && !_perPrincipal.TryEnter(principal, out entered))
            {
                return Refusal.TooManyTicketsOfYours;
            }

            var entry = new Entry(digest, bus, topic, user, userExpiresAt, entered, ticket.ExpiresAt, http.TimeProvider.GetTimestamp());
            _byDigest.Add(entry.Digest, _byAge.AddLast(entry));
            return null;
        }
    }

    /// <summary>Takes a ticket. It is gone afterwards, also when it was brought to the wrong topic: someone has it who should not.</summary>
    public bool TryTake(string? text, string bus, string? topic, [NotNullWhen(true)] out Entry? entry)
    {
        entry = null;
        Span<byte> secret = stackalloc byte[SecretLength];
        if (text is null || text.Length != s_textLength
            || Base64Url.DecodeFromChars(text, secret, out _, out var length) != OperationStatus.Done || length != SecretLength)
        {
            return false;
        }

        var digest = DigestOf(secret);
        lock (_gate)
        {
            if (!_byDigest.TryGetValue(digest, out var node))
            {
                return false;
            }

            Remove(node);
            entry = node.Value;
        }

        return !IsExpired(entry)
            && string.Equals(entry.Bus, bus, StringComparison.Ordinal)
            && string.Equals(entry.Topic, topic, StringComparison.Ordinal);
    }

    private static string DigestOf(ReadOnlySpan<byte> secret) => Convert.ToBase64String(SHA256.HashData(secret));

    /// <summary>By the monotonic clock: a wall clock that is set back gives no ticket a longer life.</summary>
    private bool IsExpired(Entry entry) => http.TimeProvider.GetElapsedTime(entry.MadeAt) >= _options.Lifetime;

    private void Remove(LinkedListNode<Entry> node)
    {
        _byDigest.Remove(node.Value.Digest);
        _byAge.Remove(node);
        node.Value.Principal?.Exit();
    }

    internal sealed record Entry(
        string Digest,
        string Bus,
        string Topic,
        ClaimsPrincipal User,
        DateTimeOffset? UserExpiresAt,
        KeyedLimit.Key? Principal,
        DateTimeOffset ExpiresAt,
        long MadeAt);
}
