using System.Buffers.Binary;

namespace EventStreaming;

/// <summary>What all events of one life of a topic share: the topic's name, the epoch and the seed of their ids.</summary>
internal sealed class EventOrigin(string topic, string epoch, IEncodingObserver? observer = null)
{
    // A random 73-bit start for the 74-bit counter that fills a UUIDv7 behind its timestamp (RFC 9562, 6.2 method 1: the top
    // bit is left clear against rollover). Taken from one UUIDv7 per epoch instead of one per event: that costs 400 ns each.
    private readonly UInt128 _seed = SeedOf(Guid.CreateVersion7());

    public string Topic { get; } = topic;

    public string Epoch { get; } = epoch;

    /// <summary>Says that an event could not be written in a format. Once for each event and format, as its bytes are made once.</summary>
    public void ReportUnencodable(StreamEvent item, EventEncoder encoder, Exception exception) => observer?.OnUnencodable(item, encoder, exception);

    public Guid IdOf(long sequence, DateTimeOffset time)
    {
        var counter = _seed + (UInt128)(ulong)sequence;
        var milliseconds = (ulong)Math.Max(0, time.ToUnixTimeMilliseconds());
        Span<byte> bytes = stackalloc byte[16];
        var high = (milliseconds << 16) | 0x7000UL | ((ulong)(counter >> 62) & 0xFFF);
        var low = 0x8000_0000_0000_0000UL | ((ulong)counter & 0x3FFF_FFFF_FFFF_FFFFUL);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    private static UInt128 SeedOf(Guid random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0x7FF;
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & 0x3FFF_FFFF_FFFF_FFFFUL;
        return ((UInt128)high << 62) | low;
    }
}
