namespace EventStreaming.Agents.Mapping;

/// <summary>One event as it is in a stream.</summary>
/// <param name="Utf8">Its JSON; valid until the next is read.</param>
/// <param name="Type">Its type, if the stream says it.</param>
/// <param name="IsTooLong">Whether it was skipped, as it is longer than allowed.</param>
internal readonly record struct StreamItem(ReadOnlyMemory<byte> Utf8, string? Type = null, bool IsTooLong = false);
