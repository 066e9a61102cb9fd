namespace EventStreaming.AspNetCore.Tests.Support;

internal static class Memory
{
    /// <summary>The bytes in use, all that can be collected left out.</summary>
    public static long InUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
