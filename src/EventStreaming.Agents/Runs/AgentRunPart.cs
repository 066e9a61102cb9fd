using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <summary>What a run has started and that ends before the run does: a step, a tool call, a message, a search for knowledge. It ends once.</summary>
/// <remarks>
/// Thread-safe. Using it when it has ended is an <see cref="InvalidOperationException"/>; disposing it then does nothing.
/// States: open → ended, changed by its own members and by its run's end, under the run's lock.
/// </remarks>
public abstract class AgentRunPart : IOpenPart, IDisposable
{
    private bool _isEnded;

    private protected AgentRunPart(AgentRun run) => Run = run;

    /// <summary>The run it belongs to.</summary>
    public AgentRun Run { get; }

    LinkedListNode<IOpenPart>? IOpenPart.Place { get; set; }

    internal bool IsEnded
    {
        get
        {
            lock (Run.Gate)
            {
                return _isEnded;
            }
        }
    }

    /// <summary>What it is, to begin a sentence with: <c>The step 'plan' (Plan)</c>.</summary>
    private protected abstract string Title { get; }

    /// <summary>What starts another.</summary>
    private protected abstract string Starter { get; }

    /// <summary>Ends it, unless it has ended: as one that was left, or was cancelled with its run, before it said how it went. Does not throw when the bus takes no more events.</summary>
#pragma warning disable CA1816 // Only sealed parts of this package derive, and none has a finalizer.
    public void Dispose() => EndIfOpen(Run.CancellationToken.IsCancellationRequested ? RunEnd.Cancelled.Reason : "This was left before it was done.");
#pragma warning restore CA1816

    void IOpenPart.CloseWith(RunEnd end) => Close(end.Reason);

    void IOpenPart.Retell() => Retell();

    /// <summary>Ends it, unless it has ended, as one that did not say how it went.</summary>
    /// <param name="reason">Why, for a person.</param>
    internal void EndIfOpen(string reason)
    {
        lock (Run.Gate)
        {
            if (!_isEnded)
            {
                Close(reason);
            }
        }
    }

    /// <summary>Refuses what is asked of it when it or its run has ended. Under the run's lock.</summary>
    internal void Require(string call)
    {
        Run.Require(call);
        if (_isEnded)
        {
            throw new InvalidOperationException($"{Title} has ended: {call} needs one that has not. Start another with {Starter}, or call it earlier.");
        }
    }

    /// <summary>Publishes the end of what did not say how it went. Under the run's lock; never throws because of the bus.</summary>
    /// <param name="reason">Why it did not, for a person.</param>
    private protected abstract void PublishEnd(string reason);

    /// <inheritdoc cref="IOpenPart.Retell"/>
    private protected abstract void Retell();

    /// <summary>Its end has been published. Under the run's lock.</summary>
    private protected virtual void End()
    {
        _isEnded = true;
        Run.Closed(this);
    }

    private void Close(string reason)
    {
        PublishEnd(reason);
        End();
    }
}
