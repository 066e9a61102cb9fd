namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Waits for places to be given back: that is the last thing a request does, behind all that can be waited on.</summary>
internal static class Places
{
    public static async Task UntilAsync(ConnectionLimits limits, int count)
    {
        using var safety = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (limits.Count != count)
        {
            safety.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
