namespace EventStreaming;

/// <summary>
/// The one end of a subscription: running → ended (<see cref="TryEnd"/>, once, by whoever is first) → complete, when what follows the end is
/// done and, with a handler, the handler has returned. Thread-safe.
/// </summary>
/// <remarks>
/// Most subscriptions are awaited by nobody while they last, so what tells of the completion is made for the first who asks. It and the completion meet
/// in either order: who asks makes it and then looks whether all have finished; who finishes last says so and then looks whether somebody has asked.
/// Whichever comes second completes it.
/// </remarks>
/// <param name="queue">What takes no more when it has ended.</param>
/// <param name="toFinish">How many must <see cref="Finish"/> before it is complete.</param>
internal sealed class SubscriptionLifetime(SubscriptionQueue queue, int toFinish)
{
    private TaskCompletionSource<EndReason>? _completion;
    private Ending? _ending;
    private int _unfinished = toFinish;

    public EndReason? Reason => Volatile.Read(ref _ending)?.Reason;

    public Exception? Exception => Volatile.Read(ref _ending)?.Exception;

    public bool IsEnded => Volatile.Read(ref _ending) is not null;

    public Task<EndReason> Completion
    {
        get
        {
            var completion = LazyInitializer.EnsureInitialized(ref _completion, static () => new(TaskCreationOptions.RunContinuationsAsynchronously));

            // Not before: the last may finish between a look and the making, and find nobody to tell.
            if (Volatile.Read(ref _unfinished) == 0)
            {
                Complete(completion);
            }

            return completion.Task;
        }
    }

    /// <summary>Ends it. False when it has ended before.</summary>
    public bool TryEnd(EndReason reason, Exception? exception)
    {
        if (queue.SharedGate is not { } gate)
        {
            return TryEndCore(reason, exception);
        }

        // No topic's lock keeps the others' publishers out here, so their common gate does: what one of them dropped after the end would be
        // counted as lost when the reader has already been told of all its losses.
        lock (gate)
        {
            return TryEndCore(reason, exception);
        }
    }

    /// <summary>One of those who are waited for after the end has finished, in whichever order.</summary>
    public void Finish()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0 && Volatile.Read(ref _completion) is { } completion)
        {
            Complete(completion);
        }
    }

    private void Complete(TaskCompletionSource<EndReason> completion) =>
        completion.TrySetResult(_ending!.Reason); // Whoever finishes does so after the end.

    private bool TryEndCore(EndReason reason, Exception? exception)
    {
        if (Interlocked.CompareExchange(ref _ending, new Ending(reason, exception), null) is not null)
        {
            return false;
        }

        queue.Complete();
        return true;
    }

    private sealed record Ending(EndReason Reason, Exception? Exception);
}
