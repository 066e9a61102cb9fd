namespace EventStreaming.Agents.Progressing;

/// <summary>When the stages of one run began, and what follows from that for how long it takes.</summary>
internal sealed class StageTimes(TimeProvider clock)
{
    /// <summary>Stages that are remembered; a run that names its files as stages shall not grow.</summary>
    private const int Capacity = 64;

    private readonly long _startedAt = clock.GetTimestamp();
    private readonly List<(string Name, TimeSpan At)> _stages = [];
    private string _stage = string.Empty;
    private TimeSpan _enteredAt;
    private TimeSpan? _forgottenFrom;

    // A clock that steps back stands still here.
    private TimeSpan _latest;

    private TimeSpan Elapsed => _latest = clock.GetElapsedTime(_startedAt) is var elapsed && elapsed > _latest ? elapsed : _latest;

    public void Enter(string stage)
    {
        _stage = stage;
        _enteredAt = Elapsed;
        if (_stages.Count < Capacity)
        {
            _stages.Add((stage, _enteredAt));
        }
        else
        {
            _forgottenFrom ??= _enteredAt;
        }
    }

    /// <summary>How long it takes still; null when there is nothing to tell it from.</summary>
    public TimeSpan? Estimate(DurationEstimator durations, string kind, double fraction)
    {
        var elapsed = Elapsed;
        if (fraction >= 1)
        {
            return TimeSpan.Zero;
        }

        if (durations.Estimate(kind, _stage, elapsed - _enteredAt) is { } known)
        {
            return known;
        }

        // As fast as until now.
        var seconds = fraction > 0 ? elapsed.TotalSeconds * (1 - fraction) / fraction : 0;
        return seconds is > 0 and < int.MaxValue ? TimeSpan.FromSeconds(seconds) : null;
    }

    public void Teach(DurationEstimator durations, string kind)
    {
        var end = Elapsed;
        for (var i = 0; i < _stages.Count; i++)
        {
            var next = i + 1 < _stages.Count ? _stages[i + 1].At : _forgottenFrom ?? end;
            durations.Learn(kind, _stages[i].Name, next - _stages[i].At, end - _stages[i].At);
        }
    }
}
