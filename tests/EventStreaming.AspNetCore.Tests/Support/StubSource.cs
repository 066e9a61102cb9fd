using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A source that answers as a test says, and notes what was asked and what was let go.</summary>
internal sealed class StubSource(Func<TopicRequest, CancellationToken, ValueTask<TopicOpening>> answer) : ITopicSource
{
    private readonly TaskCompletionSource _released = Signals.Create();
    private int _releases;

    public StubSource(Func<TopicRequest, TopicOpening> answer)
        : this((request, _) => ValueTask.FromResult(answer(request)))
    {
    }

    public TopicRequest? Asked { get; private set; }

    /// <summary>Completes when an opening was let go.</summary>
    public Task Released => _released.Task;

    public int Releases => Volatile.Read(ref _releases);

    public void Add(EventStreamingBuilder builder) => builder.Services.AddSingleton<ITopicSource>(this);

    public ValueTask<TopicOpening> OpenAsync(TopicRequest request, CancellationToken cancellationToken)
    {
        Asked = request;
        return answer(request, cancellationToken);
    }

    public TopicOpening Opened(params string[] via) => TopicOpening.Opened(via, () =>
    {
        Interlocked.Increment(ref _releases);
        _released.TrySetResult();
        return ValueTask.CompletedTask;
    });
}
