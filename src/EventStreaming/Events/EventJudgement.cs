namespace EventStreaming;

/// <summary>What an event's type says of one payload, in one call: what it is, how large it counts, and its part of a latest-wins key.</summary>
internal readonly record struct EventJudgement(EventTraits Traits, int PayloadSize, string? Key);
