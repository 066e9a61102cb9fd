namespace EventStreaming.Benchmarks.Http;

/// <summary>What a server holds when garbage has been collected, in bytes.</summary>
/// <param name="Heap">On the managed heap, but for the pinned.</param>
/// <param name="Pinned">On the heap of pinned objects, where the server's pool of buffers is: as many as have been in use at one time.</param>
/// <param name="WorkingSet">In the machine's memory, with what the runtime keeps in reserve.</param>
internal sealed record LoadMemory(double Heap, double Pinned, double WorkingSet)
{
    /// <summary>What has come since an earlier look, for each of so many.</summary>
    public LoadMemory Since(LoadMemory earlier, int count) =>
        new((Heap - earlier.Heap) / count, (Pinned - earlier.Pinned) / count, (WorkingSet - earlier.WorkingSet) / count);
}
