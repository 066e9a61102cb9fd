using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>Events that were lost before they could reach this history, as was reported by where they come from.</summary>
/// <param name="Range">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="MayBeCritical">Whether a critical one may be among them.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReportedLoss(LostRange Range, GapReason Reason, bool MayBeCritical)
{
    /// <summary>Both, with all that is between them.</summary>
    public ReportedLoss Join(in ReportedLoss later) =>
        new(Range.Join(later.Range), Reason == later.Reason ? Reason : GapReason.Evicted, MayBeCritical || later.MayBeCritical);
}
