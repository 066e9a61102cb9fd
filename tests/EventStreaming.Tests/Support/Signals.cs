namespace EventStreaming.Tests.Support;

/// <summary>Waiting for what happens on other threads, without sleeping.</summary>
internal static class Signals
{
    // Never reached when things work; it turns a hang into a failure.
    private static readonly TimeSpan s_safety = TimeSpan.FromSeconds(60);

    public static Task WithinSafetyAsync(this Task task) => task.WaitAsync(s_safety);

    public static Task<T> WithinSafetyAsync<T>(this Task<T> task) => task.WaitAsync(s_safety);

    public static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Moves the clock in steps until something has happened. For deadlines that code on another thread sets itself: one step would be
    /// lost if it came before the deadline was set.
    /// </summary>
    public static async Task AdvanceUntilAsync(this ManualTimeProvider clock, TimeSpan step, Task happened)
    {
        using var safety = new CancellationTokenSource(s_safety);
        while (!happened.IsCompleted)
        {
            safety.Token.ThrowIfCancellationRequested();
            clock.Advance(step);
            await Task.Yield();
        }

        await happened;
    }
}
