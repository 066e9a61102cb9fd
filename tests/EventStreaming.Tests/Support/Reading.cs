namespace EventStreaming.Tests.Support;

/// <summary>Short ways to read and to name what was read.</summary>
internal static class Reading
{
    /// <summary>Everything that can be read without waiting.</summary>
    public static List<StreamEvent> ReadAvailable(this EventSubscription subscription)
    {
        var items = new List<StreamEvent>();
        while (subscription.TryRead(out var item))
        {
            items.Add(item);
        }

        return items;
    }

    public static StreamEvent ReadOne(this EventSubscription subscription) =>
        subscription.TryRead(out var item) ? item : throw new InvalidOperationException("There is nothing to read.");

    public static async Task<List<StreamEvent>> ReadToEndAsync(this EventSubscription subscription)
    {
        var items = new List<StreamEvent>();
        await foreach (var item in subscription)
        {
            items.Add(item);
        }

        return items;
    }

    /// <summary>Each event as its sequence, each gap as <c>gap from-to (count reason)</c>, an opening as <c>open outcome</c>, a notice as <c>upstream status</c>.</summary>
    public static IEnumerable<string> Summaries(this IEnumerable<StreamEvent> items) => items.Select(static item => item.Data switch
    {
        Gap gap => $"gap {gap.From}-{gap.To} ({gap.Count} {gap.Reason})",
        StreamOpening opening => $"open {opening.Outcome}",
        UpstreamState state => $"upstream {state.Status}",
        _ => $"{item.Sequence}",
    });

    public static IEnumerable<long> Sequences(this IEnumerable<StreamEvent> items) => items.Select(static item => item.Sequence);

    public static void PublishMany(this IEventBus bus, string topic, string type, int count)
    {
        for (var i = 0; i < count; i++)
        {
            bus.Publish(topic, type);
        }
    }
}
