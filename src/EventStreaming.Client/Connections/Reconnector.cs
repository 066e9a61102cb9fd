using System.Globalization;
using Polly;
using Polly.Retry;

namespace EventStreaming.Client;

/// <summary>Tries to connect for as long as it may help. Shared by a client's streams: what differs is in their <see cref="RetryState"/>.</summary>
internal sealed class Reconnector
{
    private readonly EventClientOptions _options;
    private readonly ResiliencePipeline _pipeline;

    public Reconnector(EventClientOptions options, TimeProvider timeProvider)
    {
        _options = options;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = timeProvider }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && MayRetry(StateOf(arguments.Context), exception)),
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(NextDelay(StateOf(arguments.Context), arguments.Outcome.Exception)),
            OnRetry = arguments =>
            {
                var state = StateOf(arguments.Context);
                state.Announce(new ConnectionState(ConnectionStatus.Reconnecting, state.Failures, arguments.RetryDelay, arguments.Outcome.Exception));
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    /// <summary>Connects, or connects again after a loss.</summary>
    /// <typeparam name="T">What is connected.</typeparam>
    /// <param name="open">Makes one attempt.</param>
    /// <param name="name">What it connects to.</param>
    /// <param name="state">What is known of the attempts so far.</param>
    /// <param name="cancellationToken">Ends the attempt, or the wait for the next one.</param>
    /// <exception cref="EventStreamException">The server refused, or the attempts are used up.</exception>
    public async Task<T> ConnectAsync<T>(Func<CancellationToken, Task<T>> open, string name, RetryState state, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RetryState.Key, state);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (context, call) => TryOpenAsync(call.Open, call.State, context.CancellationToken), context, (Open: open, State: state)).ConfigureAwait(false);
            if (outcome.Exception is { } failure)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Transience.IsTransient(failure))
                {
                    throw GaveUp(name, state, failure);
                }
            }

            outcome.ThrowIfException();
            return outcome.Result!; // It is as the attempt made it.
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static RetryState StateOf(ResilienceContext context) => context.Properties.GetValue(RetryState.Key, null!); // Set by the one caller of the pipeline.

    private static EventStreamException GaveUp(string name, RetryState state, Exception failure) => EventStreamException.Of(
        string.Create(CultureInfo.InvariantCulture, $"There is no stable connection to {name} after {state.Failures} reconnects (MaxReconnectAttempts). The last error: {failure.Message}"),
        failure);

    private static async ValueTask<Outcome<T>> TryOpenAsync<T>(Func<CancellationToken, Task<T>> open, RetryState state, CancellationToken cancellationToken)
    {
        if (state.TakeLoss() is { } loss)
        {
            return Outcome.FromException<T>(loss);
        }

        try
        {
            return Outcome.FromResult(await open(cancellationToken).ConfigureAwait(false));
        }
#pragma warning disable CA1031 // The pipeline decides about all of them; what it does not handle, it hands on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Outcome.FromException<T>(exception);
        }
    }

    private bool MayRetry(RetryState state, Exception exception) =>
        Transience.IsTransient(exception) && state.Failures < (_options.MaxReconnectAttempts ?? int.MaxValue);

    private TimeSpan NextDelay(RetryState state, Exception? exception)
    {
        state.Failures++;
        var askedFor = (exception as EventStreamException)?.RetryAfter ?? TimeSpan.Zero;
#pragma warning disable CA5394 // Spreads clients in time; nobody gains by guessing it.
        return Backoff.DelayOf(_options, state.Failures, askedFor > state.Floor ? askedFor : state.Floor, Random.Shared.NextDouble());
#pragma warning restore CA5394
    }
}
