using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>Events that are lost: at most so many, all of them between two sequences, both included.</summary>
[StructLayout(LayoutKind.Auto)]
internal record struct LostRange(long From, long To, long Count)
{
    public static LostRange Of(long sequence) => new(sequence, sequence, 1);

    /// <summary>This and one that begins no earlier, with all that is between them.</summary>
    public readonly LostRange Join(in LostRange later) => new(From, Math.Max(To, later.To), Count + later.Count);

    /// <summary>What of them may be behind one sequence and not behind another.</summary>
    public readonly LostRange Within(long after, long through)
    {
        var (from, to) = (Math.Max(From, after + 1), Math.Min(To, through));
        return new(from, to, Math.Min(Count, to - from + 1));
    }
}
