using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventStreaming;

/// <summary>
/// Makes and reads epoch tokens: 24 characters of Crockford's base32 in lower case, so that they sort by time as text.
/// 10 characters are the milliseconds since 1970 (48 bits), 7 are random (32 bits), 7 are a digest of the topic's name
/// (32 bits). The digest is the same in every process, so after a restart an old cursor is still known to be this topic's.
/// It is no secret and protects nothing: who may read a topic is decided before a cursor is looked at.
/// </summary>
internal static class Epoch
{
    public const int MaxLength = 64;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeLength = 10;
    private const int WordLength = 7;
    private const int TokenLength = TimeLength + (2 * WordLength);

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz");

    public static string Create(string topic, DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(random);
        Span<char> token = stackalloc char[TokenLength];
        Write(token[..TimeLength], (ulong)Math.Max(0, now.ToUnixTimeMilliseconds()));
        Write(token.Slice(TimeLength, WordLength), BinaryPrimitives.ReadUInt32BigEndian(random));
        Write(token[(TimeLength + WordLength)..], Digest(topic));
        return token.ToString();
    }

    /// <summary>Whether a token was made for this topic, by this process or another.</summary>
    public static bool BelongsTo(string token, string topic)
    {
        if (token.Length != TokenLength)
        {
            return false;
        }

        Span<char> digest = stackalloc char[WordLength];
        Write(digest, Digest(topic));
        return token.AsSpan(TimeLength + WordLength).SequenceEqual(digest);
    }

    /// <summary>Whether two tokens were made for one topic, whatever its name.</summary>
    public static bool AreOfOneTopic(string token, string other) =>
        token.Length == TokenLength && other.Length == TokenLength && token.AsSpan(TimeLength + WordLength).SequenceEqual(other.AsSpan(TimeLength + WordLength));

    public static bool IsWellFormed(ReadOnlySpan<char> token) =>
        token.Length is > 0 and <= MaxLength && !token.ContainsAnyExcept(s_allowed);

    private static uint Digest(string topic)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(topic), hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash);
    }

    private static void Write(Span<char> target, ulong value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            target[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    }
}
