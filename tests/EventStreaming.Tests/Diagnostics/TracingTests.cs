using System.Diagnostics;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

internal sealed class TracingTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task Publishing_is_a_producer_span_whose_context_travels_with_the_event()
    {
        using var spans = new Spans();
        await using var bus = new EventBus();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var item = bus.Publish(Topic, "step");

        var published = spans.Ended.Single(span => span.TraceId == request.TraceId);
        Assert.That((published.OperationName, published.Kind), Is.EqualTo(("publish step", ActivityKind.Producer)));
        Assert.That(published.ParentSpanId, Is.EqualTo(request.SpanId));
        Assert.That(published.GetTagItem("messaging.destination.name"), Is.EqualTo(Topic));
        Assert.That(item.TraceParent, Is.EqualTo(published.Id));
    }

    [Test]
    public async Task Handling_is_a_consumer_span_under_the_publishers_wherever_it_runs()
    {
        using var spans = new Spans();
        await using var bus = new EventBus();
        await using var handled = Subscribe(bus);
        var item = bus.Publish(Topic, "step");
        var span = await spans.UntilEndedAsync(item, "handle step");

        Assert.That(span.Kind, Is.EqualTo(ActivityKind.Consumer));
        Assert.That(span.ParentId, Is.EqualTo(item.TraceParent));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }

    [Test]
    public async Task What_a_hosts_handler_publishes_is_under_its_span_and_so_in_the_first_publishers_trace()
    {
        using var spans = new Spans();
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming().AddHandler<string, Answering>());
        await host.StartAsync();
        await using var reader = host.Bus().Subscribe("answers");
        var item = host.Bus().Publish(Topic, "question", "why");
        var handling = await spans.UntilEndedAsync(item, "handle question");
        var answering = await spans.UntilEndedAsync(item, "publish answer");

        Assert.That(handling.ParentId, Is.EqualTo(item.TraceParent));
        Assert.That(answering.ParentId, Is.EqualTo(handling.Id));
        Assert.That(reader.ReadOne().TraceParent, Is.EqualTo(answering.Id));
    }

    [Test]
    public async Task A_handler_that_throws_marks_its_span_as_failed()
    {
        using var spans = new Spans();
        await using var bus = new EventBus();
        await using var handled = bus.Subscribe(new SubscriptionOptions { Topic = Topic }, static (_, _) => throw new InvalidDataException("Broken."));
        var span = await spans.UntilEndedAsync(bus.Publish(Topic, "step"), "handle step");

        Assert.That((span.Status, span.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, "Broken.")));
    }

    [Test]
    public async Task An_event_without_a_trace_begins_one_and_does_not_join_that_of_whoever_subscribed()
    {
        await using var bus = new EventBus();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await using var handled = Subscribe(bus);
        request.Stop();
        using var spans = new Spans(static kind => kind == ActivityKind.Consumer);
        var item = bus.Publish(Topic, "untraced");
        var span = await spans.UntilEndedAsync("handle untraced");

        Assert.That(item.TraceParent, Is.Null);
        Assert.That(span.Parent, Is.Null);
        Assert.That(span.TraceId, Is.Not.EqualTo(request.TraceId));
    }

    [Test]
    public async Task Without_a_listener_the_publishers_own_trace_travels_with_the_event()
    {
        await using var bus = new EventBus();
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.That(bus.Publish(Topic, "step").TraceParent, Is.EqualTo(request.Id));
        request.Stop();
        Assert.That(bus.Publish(Topic, "step").TraceParent, Is.Null);
    }

    private static EventSubscription Subscribe(EventBus bus) =>
        bus.Subscribe(new SubscriptionOptions { Topic = Topic }, static (_, _) => ValueTask.CompletedTask);

    private sealed class Answering(IEventBus bus) : IEventHandler<string>
    {
        public ValueTask HandleAsync(string data, StreamEvent context, CancellationToken cancellationToken)
        {
            if (context.Type is "question")
            {
                bus.Publish("answers", "answer", "because");
            }

            return ValueTask.CompletedTask;
        }
    }

    private sealed class Spans : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly List<Activity> _ended = [];
        private readonly List<(Func<Activity, bool> Condition, TaskCompletionSource<Activity> Signal)> _waiting = [];
        private readonly ActivityListener _listener;

        public Spans(Func<ActivityKind, bool>? wanted = null)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name is EventStreamingDiagnostics.ActivitySourceName,
                Sample = (ref options) => wanted?.Invoke(options.Kind) == false ? ActivitySamplingResult.None : ActivitySamplingResult.AllData,
                ActivityStopped = OnStopped,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyList<Activity> Ended
        {
            get
            {
                lock (_gate)
                {
                    return [.. _ended];
                }
            }
        }

        public Task<Activity> UntilEndedAsync(StreamEvent item, string name) =>
            UntilEndedAsync(span => string.Equals(span.OperationName, name, StringComparison.Ordinal) && item.TraceParent!.Contains(span.TraceId.ToHexString(), StringComparison.Ordinal));

        public Task<Activity> UntilEndedAsync(string name) => UntilEndedAsync(span => string.Equals(span.OperationName, name, StringComparison.Ordinal));

        public void Dispose() => _listener.Dispose();

        private Task<Activity> UntilEndedAsync(Func<Activity, bool> condition)
        {
            lock (_gate)
            {
                var signal = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_ended.FirstOrDefault(condition) is { } ended)
                {
                    signal.SetResult(ended);
                }

                _waiting.Add((condition, signal));
                return signal.Task.WithinSafetyAsync();
            }
        }

        private void OnStopped(Activity span)
        {
            lock (_gate)
            {
                _ended.Add(span);
                foreach (var (_, signal) in _waiting.Where(waiting => waiting.Condition(span)))
                {
                    signal.TrySetResult(span);
                }
            }
        }
    }
}
