namespace EventStreaming;

/// <summary>
/// An honest "you did not get these", delivered in-band as the payload of a <c>stream.gap</c> event, before the next event.
/// </summary>
/// <param name="From">The sequence of the first event that may be missing.</param>
/// <param name="To">The sequence of the last event that may be missing; the gap event's own sequence and cursor.</param>
/// <param name="Count">
/// How many are missing. For <see cref="GapReason.Overflow"/> exactly the dropped ones that the subscription's filter let through. For
/// <see cref="GapReason.Evicted"/> all that the topic no longer holds in that range: its filter can no longer be asked about them. In a topic
/// that is fed from elsewhere it is at most so many.
/// </param>
/// <param name="Reason">Why they are missing.</param>
public sealed record Gap(long From, long To, long Count, GapReason Reason);
