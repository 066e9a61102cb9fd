using Microsoft.Extensions.Logging;

namespace EventStreaming;

/// <summary>
/// Has the topics look at the clock sixteen times in the shortest age or idle time, at most once a minute apart. Its timer knows it only
/// weakly: a bus that nobody disposed shall not live for ever because of its timer.
/// </summary>
internal sealed class TopicSweeper : IDisposable
{
    private static readonly TimeSpan s_longestPeriod = TimeSpan.FromMinutes(1);

    private readonly TopicRegistry _topics;
    private readonly string _busName;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    public TopicSweeper(TopicRegistry topics, EventStreamingOptions options, TimeProvider timeProvider, string busName, ILogger logger)
    {
        _topics = topics;
        _busName = busName;
        _logger = logger;
        var shortest = options.History.MaxAge < options.Topics.IdleTimeout ? options.History.MaxAge : options.Topics.IdleTimeout;
        var period = shortest / 16 < s_longestPeriod ? shortest / 16 : s_longestPeriod;
        _timer = timeProvider.CreateTimer(
            static state =>
            {
                if (((WeakReference<TopicSweeper>)state!).TryGetTarget(out var sweeper))
                {
                    sweeper.Sweep();
                }
            },
            new WeakReference<TopicSweeper>(this),
            period,
            period);
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        try
        {
            _topics.Sweep();
        }
#pragma warning disable CA1031 // An exception on a timer's thread would end the process; it is logged, and the next turn tries again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.SweepFailed(_logger, exception, _busName);
        }
    }
}
