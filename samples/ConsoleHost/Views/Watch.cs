using EventStreaming;

namespace ConsoleHost.Views;

/// <summary>
/// Reads a subscription to its end. When it ends for being too slow for what history can hold, reads on from its cursor; what was lost by
/// then is told by a gap.
/// </summary>
internal sealed class Watch(EventBus bus, SubscriptionOptions options)
{
    private long _delivered;
    private long _dropped;
    private long _filtered;
    private long _superseded;

    public string Name => options.Name ?? "reader";

    public EventSubscription Current { get; private set; } = bus.Subscribe(options);

    public long Delivered => _delivered + Current.Delivered;

    public long Dropped => _dropped + Current.Dropped;

    public long Filtered => _filtered + Current.Filtered;

    public long Superseded => _superseded + Current.Superseded;

    /// <summary>Shows every event until there is nothing more to come.</summary>
    public async Task ReadAsync(Action<StreamEvent> show)
    {
        do
        {
            await foreach (var item in Current)
            {
                show(item);
            }
        }
        while (TryResume());
    }

    /// <summary>Goes on behind the last event read, if the subscription has ended for being slow. False: it has not, or it has ended for good.</summary>
    public bool TryResume()
    {
        if (Current.EndReason != EndReason.SlowConsumer)
        {
            return false;
        }

        _delivered += Current.Delivered;
        _dropped += Current.Dropped;
        _filtered += Current.Filtered;
        _superseded += Current.Superseded;
        options.From = Current.Cursor;
        Current = bus.Subscribe(options);
        return true;
    }
}
