using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EventStreaming.Agents.Serialization;

/// <summary>
/// The UUID of a thing whose id elsewhere is not one: always the same for the same id, and another for the same id elsewhere. A UUIDv8 of the
/// ids' SHA-256 (RFC 9562, section 5.8 and appendix B.2).
/// </summary>
internal static class NamedGuid
{
    /// <summary>The id itself where it is a UUID already, else one made of both.</summary>
    public static Guid Of(string scope, string id) => Guid.TryParse(id, out var given) && given != Guid.Empty ? given : Create(scope, id);

    private static Guid Create(string scope, string id)
    {
        var scopeBytes = Encoding.UTF8.GetBytes(scope);
        var idBytes = Encoding.UTF8.GetBytes(id);
        var name = new byte[sizeof(int) + scopeBytes.Length + idBytes.Length];

        // With the length in front, "a" + "bc" is another name than "ab" + "c".
        BinaryPrimitives.WriteInt32BigEndian(name, scopeBytes.Length);
        scopeBytes.CopyTo(name, sizeof(int));
        idBytes.CopyTo(name, sizeof(int) + scopeBytes.Length);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
