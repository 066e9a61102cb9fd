using Polly;

namespace EventStreaming.Client;

/// <summary>What one stream knows of its attempts to connect.</summary>
/// <param name="announce">Told of each change of the connection.</param>
/// <param name="follow">Told of changes that the stream only takes part in: they have been logged where they happened.</param>
internal sealed class RetryState(Action<ConnectionState> announce, Action<ConnectionState>? follow = null)
{
    public static readonly ResiliencePropertyKey<RetryState> Key = new("EventStreaming.Client.RetryState");

    /// <summary>Failures since the last stable connection.</summary>
    public int Failures { get; set; }

    /// <summary>Why the last connection was lost: it counts as the first failed attempt, so that a server that accepts and drops is backed off from as well.</summary>
    public Exception? Loss { get; private set; }

    /// <summary>What a server has asked for by <c>retry:</c> last. Per the HTML standard it outlives the connection.</summary>
    public TimeSpan Floor { get; private set; }

    public void Announce(ConnectionState state) => announce(state);

    public void Follow(ConnectionState state) => (follow ?? announce)(state);

    public void OnLost(Exception cause, TimeSpan? serverRetry, bool wasStable)
    {
        Loss = cause;
        Floor = serverRetry ?? Floor;
        Failures = wasStable ? 0 : Failures;
    }

    public Exception? TakeLoss()
    {
        var loss = Loss;
        Loss = null;
        return loss;
    }
}
