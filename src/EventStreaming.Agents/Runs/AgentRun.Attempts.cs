using EventStreaming.Agents.Inputs;
using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    private volatile int _failedAttempts;
    private volatile bool _hasLeftQuestion;

    /// <summary>Which try it is at: that of <c>run.start</c>, and one more for each time that an <see cref="AgentRunner"/> has tried again.</summary>
    public int Attempt => _options.Attempt + _failedAttempts;

    /// <summary>How it has ended; null when it has not.</summary>
    internal RunEnd? End => _isEnded ? _end : null;

    /// <summary>Whether it, or a worker of it, has stopped waiting for a person without an answer.</summary>
    internal bool HasLeftQuestion => _hasLeftQuestion;

    internal bool IsPaused
    {
        get
        {
            lock (Gate)
            {
                return _pauses > 0;
            }
        }
    }

    /// <summary>An attempt has failed and another one follows: what is still open of it is ended, so that the next finds a clean run.</summary>
    internal void StartNextAttempt(AgentError error, string status)
    {
        var end = RunEndOf(error) with { Subject = "attempt" };
        lock (Gate)
        {
            Require(nameof(StartNextAttempt));
            _root.FollowTopic();
            while (_open.TryTakeLast(out var last))
            {
                last.CloseWith(end);
                if (last is PendingInput)
                {
                    ResumeCore(reason: null);
                }
            }

            // The plan begins anew.
            _steps = 0;
            _failedAttempts++;
            Emit(AgentEvents.Status, new Status(status));
        }

        Release();
    }

    /// <summary>A step's id is unique in its run, over all attempts.</summary>
    private string StepIdOf(int position) => _failedAttempts == 0 ? $"step-{position}" : $"step-{position}-{Attempt}";
}
