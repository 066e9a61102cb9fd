using System.Collections.Concurrent;
using System.Diagnostics;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

[NonParallelizable]
internal sealed class HostCodeTests
{
    private TraceRecorder _trace = null!; // Made anew for each test.

    [SetUp]
    public void Listen() => Trace.Listeners.Add(_trace = new TraceRecorder());

    [TearDown]
    public void Leave()
    {
        Trace.Listeners.Remove(_trace);
        _trace.Dispose();
    }

    [Test]
    public void What_the_hosts_code_throws_goes_no_further_than_to_the_trace_listeners()
    {
        var bug = Guid.NewGuid().ToString();

        Assert.That(() => HostCode.Run(static message => throw new InvalidDataException(message), bug), Throws.Nothing);
        Assert.That(_trace.Messages, Has.One.Contains(bug).And.One.Contains(nameof(InvalidDataException)));
    }

    [Test]
    public async Task Queued_it_runs_on_the_thread_pool_and_what_it_throws_goes_no_further_either()
    {
        var bug = Guid.NewGuid().ToString();
        var traced = _trace.UntilAsync(bug);
        var gate = new Lock();

        // Its callers hold a topic's lock: it must not run here and now, nor keep them waiting.
        lock (gate)
        {
            HostCode.Queue(
                message =>
                {
                    lock (gate)
                    {
                        throw new InvalidDataException(message);
                    }
                },
                bug);
            Assert.That(_trace.Messages, Has.None.Contains(bug));
        }

        await traced;
        Assert.That(_trace.Messages, Has.One.Contains(bug));
    }

    private sealed class TraceRecorder : TraceListener
    {
        private readonly ConcurrentQueue<string> _messages = new();
        private readonly TaskCompletionSource _signal = Signals.Create();
        private volatile string? _awaited;

        public IEnumerable<string> Messages => _messages;

        public Task UntilAsync(string part)
        {
            _awaited = part;
            return _signal.Task.WithinSafetyAsync();
        }

        public override void TraceEvent(TraceEventCache? eventCache, string source, TraceEventType eventType, int id, string? format, params object?[]? args) =>
            Note(string.Format(System.Globalization.CultureInfo.InvariantCulture, format ?? string.Empty, args ?? []));

        public override void Write(string? message) => Note(message ?? string.Empty);

        public override void WriteLine(string? message) => Note(message ?? string.Empty);

        private void Note(string message)
        {
            _messages.Enqueue(message);
            if (_awaited is { } awaited && message.Contains(awaited, StringComparison.Ordinal))
            {
                _signal.TrySetResult();
            }
        }
    }
}
