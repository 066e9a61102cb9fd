namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    /// <summary>Tells how far the run is.</summary>
    /// <remarks>
    /// It never goes backwards: a smaller fraction than before is told as the one before. It is held back to one event in <see cref="AgentRunOptions.ProgressInterval"/>, but a new stage
    /// and an end (the run's, and that of an <see cref="AgentProgress"/> which says so) are told at once, and the newest report is always told in the end. How long it will take still is reckoned from past runs of the kind, or from this one.
    /// </remarks>
    /// <param name="fraction">How much is done, from 0 to 1; what is beyond is taken as the nearest of the two.</param>
    /// <param name="stage">The part of the work, such as <c>reading</c>; null: the one before, or at first the run's kind.</param>
    /// <param name="message">What is being done, or null.</param>
    /// <param name="current">How many of <paramref name="total"/> are done, or null.</param>
    /// <param name="total">How many there are, or null.</param>
    /// <exception cref="InvalidOperationException">The run has ended.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not a number.</exception>
    public void Progress(double fraction, string? stage = null, string? message = null, long? current = null, long? total = null) =>
        Progress(fraction, stage, message, current, total, eta: null, isEnd: false);

    /// <summary>A reporter for a part of the work, to be handed to what does it: its 0 to 1 are <paramref name="from"/> to <paramref name="to"/> of the run's.</summary>
    /// <param name="from">Where the part begins, from 0 to 1.</param>
    /// <param name="to">Where it ends, from <paramref name="from"/> to 1.</param>
    /// <param name="stage">The part of the work, when it does not say so itself; null: the one before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The places are not in that order.</exception>
    public AgentProgress ProgressRange(double from = 0, double to = 1, string? stage = null) => new(this, from, to, stage);

    internal void Progress(double fraction, string? stage, string? message, long? current, long? total, TimeSpan? eta, bool isEnd)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(fraction, double.NaN);
        lock (Gate)
        {
            Require(nameof(Progress));
            _progress.Report(fraction, stage, message, current, total, eta, isEnd);
        }
    }
}
