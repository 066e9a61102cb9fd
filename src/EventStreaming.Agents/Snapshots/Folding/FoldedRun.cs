namespace EventStreaming.Agents.Snapshots;

/// <summary>A run. States: those of <see cref="RunState"/>; running ⇄ paused → one of the ends, which no event of it leaves but another <c>run.start</c>.</summary>
internal sealed class FoldedRun(string runId, string? source, RunStarted start, DateTimeOffset startedAt, long began, int maxSteps, long size) : IFolded
{
    private const int Overhead = 384;
    private readonly List<(StepStarted Step, long Size)> _openSteps = [];
    private RunSnapshot _snapshot = new(runId, source, RunState.Running, start, startedAt, EndedAt: null, Result: null, Error: null, [], Progress: null, Status: null);
    private bool _hasOtherSteps;
    private long _ownSize = size;
    private long _stepsSize;
    private long _progressSize;
    private long _statusSize;
    private long _endSize;

    public long Bytes => Overhead + _ownSize + _stepsSize + _progressSize + _statusSize + _endSize;

    public bool IsFinished => _snapshot.EndedAt is not null;

    /// <summary>The sequence of the event it began with.</summary>
    public long Began { get; } = began;

    public RunSnapshot Snapshot
    {
        get
        {
            if (_hasOtherSteps)
            {
                _hasOtherSteps = false;
                _snapshot = _snapshot with { OpenSteps = [.. _openSteps.Select(static open => open.Step)] };
            }

            return _snapshot;
        }
    }

    /// <summary>Another attempt at the same run goes on with what it has.</summary>
    public void Restart(RunStarted again, long newSize) => (_snapshot, _ownSize) = (_snapshot with { Start = again, State = RunState.Running }, newSize);

    public void SetPaused(bool isPaused) => _snapshot = _snapshot with { State = isPaused ? RunState.Paused : RunState.Running };

    public void Report(Progress progress, long newSize) => (_snapshot, _progressSize) = (_snapshot with { Progress = progress }, newSize);

    public void Report(string? status, long newSize) => (_snapshot, _statusSize) = (_snapshot with { Status = status }, newSize);

    /// <returns>Whether no other had to go for it.</returns>
    public bool Open(StepStarted step, long stepSize)
    {
        var isRoomy = true;
        Close(step.StepId);
        if (_openSteps.Count >= maxSteps)
        {
            Close(_openSteps[0].Step.StepId);
            isRoomy = false;
        }

        _openSteps.Add((step, stepSize));
        _stepsSize += stepSize;
        _hasOtherSteps = true;
        return isRoomy;
    }

    public void Close(string stepId)
    {
        var place = _openSteps.FindIndex(open => string.Equals(open.Step.StepId, stepId, StringComparison.Ordinal));
        if (place >= 0)
        {
            _stepsSize -= _openSteps[place].Size;
            _openSteps.RemoveAt(place);
            _hasOtherSteps = true;
        }
    }

    public void End(RunState state, DateTimeOffset time, RunCompleted? result, AgentError? error, long newSize)
    {
        _openSteps.Clear();
        (_stepsSize, _endSize, _hasOtherSteps) = (0, newSize, false);
        _snapshot = _snapshot with { State = state, EndedAt = time, Result = result, Error = error, OpenSteps = [] };
    }
}
