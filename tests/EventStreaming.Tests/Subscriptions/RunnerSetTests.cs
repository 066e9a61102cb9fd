using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class RunnerSetTests
{
    private readonly RunnerSet _set = new();
    private readonly Runner _runner = new();

    [Test]
    public void A_runner_that_is_done_before_its_start_returns_is_not_kept()
    {
        _ = _set.Start(_runner, () =>
        {
            _set.Remove(_runner);
            return Task.CompletedTask;
        });

        Assert.That(_set.Count, Is.Zero);
    }

    [Test]
    public void A_runner_is_told_from_before_it_runs_until_it_is_removed()
    {
        _set.TellHostStopping();
        _ = _set.Start(_runner, () =>
        {
            _set.TellHostStopping();
            return new TaskCompletionSource().Task;
        });
        _set.TellHostStopping();
        _set.Abort();
        _set.Remove(_runner);
        _set.TellHostStopping();
        _set.Abort();

        Assert.That((_runner.Stops, _runner.Aborts), Is.EqualTo((2, 1)));
    }

    private sealed class Runner : IRunner
    {
        public int Stops { get; private set; }

        public int Aborts { get; private set; }

        public void OnHostStopping() => Stops++;

        public void Abort() => Aborts++;
    }
}
