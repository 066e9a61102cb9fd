using System.Text;

namespace EventStreaming.Client;

/// <summary>The names of events as text. A stream has few of them and many events, so the latest are kept instead of made anew.</summary>
internal sealed class EventTypeNames
{
    private const int Slots = 16;

    // A longer one is not of a small vocabulary; and so what is kept has a bound.
    private const int MaxKeptBytes = 128;

    private readonly (byte[] Bytes, string Text)[] _kept = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxKeptBytes)
        {
            return Encoding.UTF8.GetString(name);
        }

        ref var slot = ref _kept[SlotOf(name)];
        if (slot.Bytes is null || !name.SequenceEqual(slot.Bytes))
        {
            slot = (name.ToArray(), Encoding.UTF8.GetString(name));
        }

        return slot.Text;
    }

    // The names of one stream share their beginnings, rarely length, middle and end at once. A clash costs a string, no more.
    private static int SlotOf(ReadOnlySpan<byte> name) => (name.Length + (3 * name[^1]) + (5 * name[name.Length / 2])) % Slots;
}
