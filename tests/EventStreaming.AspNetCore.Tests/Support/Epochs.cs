namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Epoch tokens as another host's bus makes them.</summary>
internal static class Epochs
{
    /// <summary>That of a topic's log; of another one for each life.</summary>
    public static string Create(string topic, int life)
    {
        using var bus = new EventBus();
        var token = bus.Publish(topic, "any").Cursor.EpochToken;
        return $"{token[..16]}{life}{token[17..]}";
    }
}
