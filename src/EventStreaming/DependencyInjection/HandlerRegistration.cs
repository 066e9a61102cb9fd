using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming;

/// <summary>One <c>AddHandler</c>: how to subscribe it once the bus is there.</summary>
internal abstract class HandlerRegistration
{
    public abstract EventSubscription Subscribe(EventBus bus, IServiceScopeFactory scopes);
}

/// <inheritdoc/>
internal sealed class HandlerRegistration<TData, THandler>(EventHandlerOptions options) : HandlerRegistration
    where THandler : class, IEventHandler<TData>
{
    public override EventSubscription Subscribe(EventBus bus, IServiceScopeFactory scopes) => bus.Subscribe(
        new SubscriptionOptions
        {
            Name = typeof(THandler).Name,
            From = EventCursor.End,
            DataType = typeof(TData),
            IncludeWorkers = options.IncludeWorkers,
            Capacity = options.Capacity,
            OnNormalOverflow = NormalOverflow.CatchUp,

            // It must see what is published while the host stops.
            EndOnHostStopping = false,
        },
        (item, cancellationToken) => HandleAsync(bus, scopes, item, cancellationToken),
        options.OnError);

    private static async ValueTask HandleAsync(EventBus bus, IServiceScopeFactory scopes, StreamEvent item, CancellationToken cancellationToken)
    {
        if (item.Data is Gap gap)
        {
            Log.HandlerMissed(bus.Logger, typeof(THandler).Name, gap.Count, gap.Reason);
        }

        if (item.IsControl || item.Data is not TData data)
        {
            return;
        }

        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(data, item, cancellationToken).ConfigureAwait(false);
        }
    }
}
