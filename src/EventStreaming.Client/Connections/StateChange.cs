using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>Tells of a changed state, to whoever listens and to the log.</summary>
internal static class StateChange
{
    public static void Raise(EventHandler<ConnectionStateChangedEventArgs>? handlers, object sender, ConnectionState state, ILogger logger, string stream)
    {
        if (handlers is null)
        {
            return;
        }

        var arguments = new ConnectionStateChangedEventArgs(state);
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(sender, arguments);
            }
#pragma warning disable CA1031 // A handler's bug is no reason to lose the stream; it is reported.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.StateHandlerFailed(logger, exception, stream);
            }
        }
    }

    /// <summary>One warning for each time the server is gone, not one for each attempt.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="stream">What is lost.</param>
    /// <param name="state">Reconnecting.</param>
    /// <param name="isKnown">Whether the same has been warned of elsewhere.</param>
    public static void LogLoss(ILogger logger, string stream, ConnectionState state, bool isKnown = false)
    {
        var cause = state.Cause?.Message ?? string.Empty;
        if (state.Attempt <= 1 && !isKnown)
        {
            Log.ConnectionLost(logger, stream, cause, state.Attempt, state.Delay);
        }
        else
        {
            Log.StillLost(logger, stream, cause, state.Attempt, state.Delay);
        }
    }
}
