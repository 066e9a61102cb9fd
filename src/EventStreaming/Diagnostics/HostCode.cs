using System.Diagnostics;

namespace EventStreaming;

/// <summary>
/// Runs what calls into the host's own code where an exception of it would have nowhere to go: its loggers, its metric listeners, its
/// callbacks on tokens. On the thread pool such an exception ends the process; in the middle of an end it would leave the rest undone.
/// </summary>
internal static class HostCode
{
    public static void Run<TState>(Action<TState> action, TState state)
    {
        try
        {
            action(state);
        }
#pragma warning disable CA1031 // Not hidden, but there is nothing behind the host's logger except the trace listeners.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Report(exception);
        }
    }

    public static void Report(Exception exception) =>
        Trace.TraceError("EventStreaming: a logger, listener or token callback of the host failed: {0}", exception);

    /// <summary>Runs it on the thread pool: the caller holds a lock, or must not run the host's code on its own thread.</summary>
    public static void Queue<TState>(Action<TState> action, TState state) =>
        ThreadPool.UnsafeQueueUserWorkItem(static work => Run(work.Action, work.State), (Action: action, State: state), preferLocal: false);
}
