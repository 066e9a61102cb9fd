using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>Waiting for what nothing tells of.</summary>
internal static class Eventually
{
    public static Task IsAsync(Func<bool> condition) => Task.Run(async () =>
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }).WithinSafetyAsync();
}
