namespace EventStreaming.Benchmarks.Http;

/// <summary>What one delivery cost the server.</summary>
/// <param name="Microseconds">Of processor time, the framework's and the system's part in it included.</param>
/// <param name="Bytes">Allocated on the managed heap.</param>
internal sealed record LoadCost(double Microseconds, double Bytes);
