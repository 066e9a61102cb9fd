namespace EventStreaming.Tests.Support;

/// <summary>The system's clock, except that a test may have something happen whenever the monotonic one is read.</summary>
internal sealed class HookedTimeProvider : TimeProvider
{
    private volatile Action? _onTimestamp;

    public Action? OnTimestamp
    {
        set => _onTimestamp = value;
    }

    public override long GetTimestamp()
    {
        _onTimestamp?.Invoke();
        return base.GetTimestamp();
    }
}
