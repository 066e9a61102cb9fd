namespace EventStreaming.Agents;

/// <summary>
/// Reports a part of a run's work as if it were all of it: 0 to 1 here are <see cref="From"/> to <see cref="To"/> of the run. Hand it to code that knows only
/// <see cref="IProgress{T}"/>, or narrow it further with <see cref="Range"/> and <see cref="Split"/>.
/// </summary>
/// <remarks>
/// Thread-safe. Reports are told at once, in the order in which they are made (unlike <see cref="Progress{T}"/>'s), under the rules of
/// <see cref="AgentRun.Progress(double, string?, string?, long?, long?)"/>: never backwards, at a bounded rate. The end of a range that names its stage, or is at least a hundredth of the run, is told
/// at once; smaller ones without a name, as of single files, are not. Reporting when the run has ended is an <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed class AgentProgress : IProgress<double>, IProgress<Progress>
{
    /// <summary>Ranges of this size end at most a hundred times in a run; smaller ones may be as many as there are files.</summary>
    private const double Large = 0.01;

    private readonly AgentRun _run;
    private readonly string? _stage;
    private readonly bool _endsAtOnce;

    internal AgentProgress(AgentRun run, double from, double to, string? stage)
        : this(run, from, to, stage, isNamed: stage is not null)
    {
    }

    private AgentProgress(AgentRun run, double from, double to, string? stage, bool isNamed)
    {
        // Written so that what is not a number is refused, too.
        if (!(from >= 0 && from <= to && to <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(from), $"From {from} to {to} is no range; use 0 <= from <= to <= 1.");
        }

        _run = run;
        From = from;
        To = to;
        _stage = stage;

        // Of a range that is computed from others, a hundredth may be a hair less.
        _endsAtOnce = isNamed || to - from >= Large - 1e-9;
    }

    /// <summary>Where in the run the part begins, from 0 to 1.</summary>
    public double From { get; }

    /// <summary>Where in the run it ends, from 0 to 1.</summary>
    public double To { get; }

    /// <summary>Tells how far the part is.</summary>
    /// <param name="value">How much of it is done, from 0 to 1.</param>
    public void Report(double value) => Report(value, message: null);

    /// <summary>Tells how far the part is.</summary>
    /// <param name="value">How much of it is done, with what else is known.</param>
    public void Report(Progress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Report(value.Fraction, value.Stage, value.Message, value.Current, value.Total, value.Eta);
    }

    /// <summary>Tells how far the part is.</summary>
    /// <param name="fraction">How much of it is done, from 0 to 1.</param>
    /// <param name="message">What is being done, or null.</param>
    /// <param name="stage">The part of the work; null: this reporter's, or the one before.</param>
    public void Report(double fraction, string? message, string? stage = null) =>
        Report(fraction, stage ?? _stage, message, current: null, total: null, eta: null);

    /// <summary>Tells how far the part is, by counting.</summary>
    /// <param name="current">How many are done.</param>
    /// <param name="total">How many there are: 1 or more.</param>
    /// <param name="message">What is being done, or null.</param>
    public void ReportCount(long current, long total, string? message = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        Report((double)current / total, _stage, message, current, total, eta: null);
    }

    /// <summary>A part of this part.</summary>
    /// <param name="from">Where in this it begins, from 0 to 1.</param>
    /// <param name="to">Where in this it ends, from <paramref name="from"/> to 1.</param>
    /// <param name="stage">The part of the work; null: as here.</param>
    /// <exception cref="ArgumentOutOfRangeException">The places are not in that order.</exception>
    public AgentProgress Range(double from, double to, string? stage = null)
    {
        if (!(from >= 0 && from <= to && to <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(from), $"From {from} to {to} is no range; use 0 <= from <= to <= 1.");
        }

        return new AgentProgress(_run, ToRun(from), ToRun(to), stage ?? _stage, isNamed: stage is not null);
    }

    /// <summary>Divides this part into parts that follow each other, each as large as its weight is in proportion.</summary>
    /// <param name="weights">The weights: 0 or more, and not all 0.</param>
    /// <exception cref="ArgumentException">There is no weight, or one is out of its range.</exception>
    public IReadOnlyList<AgentProgress> Split(params ReadOnlySpan<double> weights)
    {
        var sum = 0d;
        foreach (var weight in weights)
        {
            sum += double.IsFinite(weight) && weight >= 0 ? weight : throw new ArgumentException($"The weight {weight} is out of its range; use 0 or more.", nameof(weights));
        }

        if (!(sum > 0 && double.IsFinite(sum)))
        {
            throw new ArgumentException("The weights are all 0, or there is none; one at least must be more.", nameof(weights));
        }

        var parts = new AgentProgress[weights.Length];
        var before = 0d;
        for (var i = 0; i < parts.Length; i++)
        {
            var after = before + weights[i];
            parts[i] = Range(before / sum, Math.Min(after / sum, 1), stage: null);
            before = after;
        }

        return parts;
    }

    private void Report(double fraction, string? stage, string? message, long? current, long? total, TimeSpan? eta) =>
        _run.Progress(ToRun(fraction), stage, message, current, total, eta, isEnd: fraction >= 1 && _endsAtOnce);

    private double ToRun(double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(fraction, double.NaN);

        // Exact at the end, whatever the sum is rounded to.
        return fraction >= 1 ? To : Math.Clamp(From + ((To - From) * Math.Clamp(fraction, 0, 1)), From, To);
    }
}
