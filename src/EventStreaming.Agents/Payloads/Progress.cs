namespace EventStreaming.Agents;

/// <summary>How far the work is; the payload of <c>progress</c>.</summary>
/// <param name="Stage">The part of the work, such as <c>reading</c>.</param>
/// <param name="Fraction">How much is done, from 0 to 1.</param>
/// <param name="Message">What is being done, or null.</param>
/// <param name="Current">How many of <paramref name="Total"/> are done, or null.</param>
/// <param name="Total">How many there are, or null when that is not known.</param>
/// <param name="Eta">How long it is expected to take still, or null; in JSON, milliseconds.</param>
public sealed record Progress(
    string Stage, double Fraction, string? Message = null, long? Current = null, long? Total = null, TimeSpan? Eta = null);
