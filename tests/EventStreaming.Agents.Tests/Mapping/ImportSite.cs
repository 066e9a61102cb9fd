using System.Text;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>A bus with one topic, into which streams are read.</summary>
internal sealed class ImportSite : IAsyncDisposable
{
    public EventBus Bus { get; } = new(catalog: AgentEvents.Catalog);

    public static MemoryStream Stream(string text) => new(Encoding.UTF8.GetBytes(text));

    public static async Task<List<StreamEvent>> ReadAsync(EventSubscription reader)
    {
        var events = new List<StreamEvent>();
        while (reader.TryRead(out var item))
        {
            events.Add(item);
        }

        await reader.DisposeAsync();
        return events;
    }

    public async Task<EventImport> ImportAsync(EventMapper mapper, string text, EventImportOptions? options = null)
    {
        using var stream = Stream(text);
        return await Bus.ImportAsync("s", mapper, stream, options);
    }

    public Task<List<StreamEvent>> ReadAsync() =>
        ReadAsync(Bus.Subscribe(new SubscriptionOptions { Topic = "s", From = EventCursor.Start, EndOnTerminal = false }));

    public ValueTask DisposeAsync() => Bus.DisposeAsync();
}
