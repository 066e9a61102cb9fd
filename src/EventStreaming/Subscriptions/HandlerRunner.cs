using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace EventStreaming;

/// <summary>
/// Reads a subscription for a handler: one event after another, on the thread pool. A handler that is slow or fails is its own
/// subscription's affair.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle to release, and an abort may come at any time.")]
internal sealed class HandlerRunner(
    EventBus bus, EventSubscription subscription, Func<StreamEvent, CancellationToken, ValueTask> handler, HandlerErrorPolicy onError) : IRunner
{
    private readonly CancellationTokenSource _aborted = new();
    private volatile bool _isAborted;

    /// <summary>Runs until the subscription has ended and all is handled. Never faults.</summary>
    public async Task RunAsync()
    {
        // Yields first: the subscriber's thread does not run the handler.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // The subscriber's activity came along; what is handled here has nothing to do with it.
        Activity.Current = null;
        try
        {
            do
            {
                await HandleAvailableAsync().ConfigureAwait(false);
            }
            while (!_isAborted && await subscription.WaitAsync(CancellationToken.None).ConfigureAwait(false));

            await HandleAvailableAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Only the subscription's own predicate can throw here; the reader has ended the subscription, or said what it was.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            subscription.End(EndReason.Faulted, exception);
        }
        finally
        {
            subscription.OnRunnerFinished();
            bus.Runners.Remove(this);
        }
    }

    /// <summary>Nothing: it has as long as the disposal of the bus waits for it.</summary>
    public void OnHostStopping()
    {
        // Its subscription ends, or stays, as for any reader.
    }

    /// <summary>Hands the handler no more events and cancels its token: its subscription's owner does not wait for it any more.</summary>
    public void Abort()
    {
        _isAborted = true;

        // Not here: the callbacks on the token are the handler's own code, and this is whichever thread ended the subscription.
        if (!_aborted.IsCancellationRequested)
        {
            HostCode.Queue(static aborted => aborted.Cancel(), _aborted);
        }
    }

    private async ValueTask HandleAvailableAsync()
    {
        while (!_isAborted && subscription.TryRead(out var item))
        {
            await HandleAsync(item, _aborted.Token).ConfigureAwait(false);
        }
    }

    private async ValueTask HandleAsync(StreamEvent item, CancellationToken cancellationToken)
    {
        using var span = Spans.StartHandle(item);
        try
        {
            await handler(item, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The subscription has ended; the loop sees that next.
        }
#pragma warning disable CA1031 // Whatever a handler throws is isolated here: logged, counted, and answered by the chosen policy.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            span.Fail(exception);
            bus.Metrics.OnHandlerError();
            Log.HandlerFailed(bus.Logger, exception, subscription.LogName, item.Type, item.Cursor.ToString(), onError);
            if (onError == HandlerErrorPolicy.End)
            {
                subscription.End(EndReason.Faulted, exception);
            }
        }
    }
}
