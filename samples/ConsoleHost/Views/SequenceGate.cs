namespace ConsoleHost.Views;

/// <summary>Makes one waiter wait until a topic has come to a sequence, or is over. Thread-safe.</summary>
internal sealed class SequenceGate
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _reached = NewSource();
    private long _awaited = long.MaxValue;
    private bool _isOpen;

    /// <summary>Where the topic is.</summary>
    public long Sequence { get; private set; }

    /// <summary>The topic has come to a sequence.</summary>
    public void Advance(long sequence)
    {
        lock (_gate)
        {
            Sequence = sequence;
            ReleaseIfReached();
        }
    }

    /// <summary>The topic is over: nobody waits any more.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _isOpen = true;
            ReleaseIfReached();
        }
    }

    /// <summary>Waits. True when the topic has come to the sequence, false when it is over.</summary>
    public async Task<bool> WaitAsync(long sequence)
    {
        Task reached;
        lock (_gate)
        {
            _reached = NewSource();
            _awaited = sequence;
            ReleaseIfReached();
            reached = _reached.Task;
        }

        await reached;
        lock (_gate)
        {
            return !_isOpen;
        }
    }

    // Continuations run elsewhere, never under the lock or on the thread of whoever advances the gate.
    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void ReleaseIfReached()
    {
        if (_isOpen || Sequence >= _awaited)
        {
            _reached.TrySetResult();
        }
    }
}
