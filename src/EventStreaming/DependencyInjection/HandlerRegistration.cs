using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming;

/// <summary>One <c>AddHandler</c>: how to subscribe it once the bus is there.</summary>
internal abstract class HandlerRegistration
{
    /// <summary>What is out of its range in its options; nothing when all is well.</summary>
    public abstract IEnumerable<string> Failures { get; }

    public abstract EventSubscription Subscribe(EventBus bus, IServiceScopeFactory scopes);
}

/// <inheritdoc/>
internal sealed class HandlerRegistration<TData, THandler>(EventHandlerOptions options) : HandlerRegistration
    where THandler : class, IEventHandler<TData>
{
    public override IEnumerable<string> Failures => CreateOptions().OutOfRange().Select(static failure => $"The handler {typeof(THandler)}: {failure.Message}");

    public override EventSubscription Subscribe(EventBus bus, IServiceScopeFactory scopes) => bus.Subscribe(
        CreateOptions(), (item, cancellationToken) => HandleAsync(bus, scopes, item, cancellationToken), options.OnError);

    private SubscriptionOptions CreateOptions() => new()
    {
        Name = typeof(THandler).Name,
        From = EventCursor.End,
        DataType = typeof(TData),
        IncludeWorkers = options.IncludeWorkers,
        Capacity = options.Capacity,
        CriticalReserve = options.CriticalReserve,
        MaxBytes = options.MaxBytes,
        OnNormalOverflow = NormalOverflow.CatchUp,

        // It must see what is published while the host stops.
        EndOnHostStopping = false,
    };

    private static async ValueTask HandleAsync(EventBus bus, IServiceScopeFactory scopes, StreamEvent item, CancellationToken cancellationToken)
    {
        if (item.Data is Gap gap)
        {
            Log.HandlerMissed(bus.Logger, typeof(THandler).Name, gap.Count, gap.Reason);
        }

        if (item.IsControl)
        {
            return;
        }

        var data = item.Data is TData typed ? typed : Read((JsonPayload)item.Data!, item.Descriptor.JsonTypeInfo!); // The filter let nothing else through.

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(data, item, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TData Read(JsonPayload json, JsonTypeInfo info) => (TData)(json.ReadAny(info)
        ?? throw new JsonException($"The payload is null, not a {typeof(TData)}."));
}
