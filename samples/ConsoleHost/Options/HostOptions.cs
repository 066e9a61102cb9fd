namespace ConsoleHost.Options;

/// <summary>What the program was asked to do.</summary>
/// <param name="Directory">The full path of the directory to index.</param>
/// <param name="Workers">How many workers read in parallel.</param>
/// <param name="SlowConsumer">Whether to add a reader that cannot keep up.</param>
internal sealed record HostOptions(string Directory, int Workers, bool SlowConsumer);
