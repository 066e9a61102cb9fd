namespace EventStreaming.Client;

/// <summary>
/// What a remote stream is doing. It begins <see cref="ConnectionStatus.Idle"/>, then: Connecting → Connected, or Connecting → Reconnecting → Connecting …;
/// from Connected, when the connection is lost, → Reconnecting; and from any of them → Ended, once.
/// </summary>
/// <param name="Status">What it is doing.</param>
/// <param name="Attempt">While reconnecting, the number of the attempt to come, counted from the last stable connection; otherwise 0.</param>
/// <param name="Delay">While reconnecting, how long until that attempt; otherwise zero.</param>
/// <param name="Cause">
/// While reconnecting, why there is no connection: an <see cref="EventStreamEndedException"/> when the server has ended the stream (with its reason), a
/// <see cref="TimeoutException"/> when it fell silent, an <see cref="EventStreamException"/> when it refused, otherwise the error of the network. When
/// ended as <see cref="EndReason.Faulted"/>, the exception that the caller gets. Otherwise null.
/// </param>
/// <param name="Reason">
/// When ended, why: <see cref="EndReason.Completed"/> or <see cref="EndReason.TopicClosed"/> as the server said, <see cref="EndReason.Cancelled"/> by the
/// caller's token, <see cref="EndReason.Disposed"/> when the caller stopped enumerating or disposed what the stream came over, <see cref="EndReason.Faulted"/> with a cause. Otherwise null.
/// </param>
public sealed record ConnectionState(
    ConnectionStatus Status, int Attempt = 0, TimeSpan Delay = default, Exception? Cause = null, EndReason? Reason = null);
