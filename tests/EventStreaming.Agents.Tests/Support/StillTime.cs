namespace EventStreaming.Agents.Tests.Support;

/// <summary>A clock that stands still, so that durations are nothing.</summary>
internal sealed class StillTime : TimeProvider
{
    public override long GetTimestamp() => 1;
}
