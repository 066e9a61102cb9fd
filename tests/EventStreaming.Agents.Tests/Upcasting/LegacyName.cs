namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>One name.</summary>
/// <param name="Name">The event's type.</param>
/// <param name="Json">The event.</param>
/// <param name="Expected">What becomes of it, among others; ids are numbered.</param>
internal sealed record LegacyName(string Name, string Json, string Expected)
{
    /// <summary>An event that comes before it, or null.</summary>
    public string? Before { get; init; }

    /// <summary>Who says what becomes of it.</summary>
    public string? Source { get; init; }

    /// <summary>The run of what becomes of it, if that is checked.</summary>
    public string? RunId { get; init; }
}
