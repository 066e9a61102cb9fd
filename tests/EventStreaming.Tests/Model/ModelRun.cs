using System.Globalization;
using EventStreaming.Tests.Support;
namespace EventStreaming.Tests.Model;

/// <summary>Does each step to the real bus and to the model, and compares all that can be seen of them.</summary>
internal sealed class ModelRun : IAsyncDisposable
{
    private const int MaxReaders = 6;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<EventCursor> _remembered = [];
    private readonly List<ReaderPair> _readers = [];
    private readonly EventBus _bus;
    private readonly ModelBus _model;

    public ModelRun(Scenario scenario)
    {
        _bus = new EventBus(scenario.Options, ModelCatalog.Catalog, _clock);
        _model = new ModelBus(scenario.Options);
    }

    public static async Task ExecuteAsync(Scenario scenario)
    {
        await using var run = new ModelRun(scenario);
        for (var i = 0; i < scenario.Commands.Length; i++)
        {
            await run.StepAsync(i, scenario.Commands[i].ToString(), scenario.Commands[i].ExecuteAsync);
        }

        await run.StepAsync(scenario.Commands.Length, "read all", static run => run.ReadAllAsync());
        await run.StepAsync(scenario.Commands.Length, "stop readers, and read all", static run =>
        {
            run.StopReaders();
            return run.ReadAllAsync();
        });
    }

    public void Publish(PublishCommand command)
    {
        var actual = _bus.Publish(command.Topic, new EventDraft(command.Type, command.Payload) { Source = command.Source, RunId = command.RunId });
        var expected = ModelBus.Publish(ModelTopic(command.Topic), command.Type, command.Source, command.RunId, command.Payload);
        Expect.Equal(ReaderPair.Describe(actual), new EventItem(expected).ToString(), "published");
        _remembered.Add(actual.Cursor);
    }

    public void Subscribe(SubscribeCommand command)
    {
        if (_readers.Count == MaxReaders)
        {
            return;
        }

        // Which epochs topics got before, and in which order a reader of all looks at them, is for the bus to choose.
        var spec = command.Spec;
        var listed = _bus.Topics.Select(static topic => topic.Name).ToList();
        var from = Resolve(command);
        var cancellation = new CancellationTokenSource();
        var actual = _bus.Subscribe(spec.ToOptions(from), cancellation.Token);
        ModelTopic[] topics = spec.Topic is null ? [.. listed.Select(ModelTopic)] : [ModelTopic(spec.Topic)];
        var expected = _model.Subscribe(spec, from, topics);
        _readers.Add(new ReaderPair(actual, expected, new ReaderJournal(expected, _model), cancellation));
    }

    public void Read(ReadCommand command)
    {
        if (Find(command.Reader) is { } reader)
        {
            reader.Read(command.Count, command.AtOnce);
        }
    }

    public void Checkpoint(int index)
    {
        if (Find(index) is { } reader)
        {
            reader.Expected.Checkpoint();
            Expect.Equal(reader.Actual.Checkpoint()?.ToString(), reader.Expected.Cursor, "checkpoint");
        }
    }

    public async Task EndAsync(EndCommand command)
    {
        if (Find(command.Reader) is { } reader)
        {
            reader.Expected.Discard(command.ByToken ? EndReason.Cancelled : EndReason.Disposed);
            if (command.ByToken)
            {
                await reader.Cancellation.CancelAsync();
            }
            else
            {
                await reader.Actual.DisposeAsync();
            }
        }
    }

    public void CloseTopic(string topic) => Expect.Equal(_bus.CloseTopic(topic), _model.CloseTopic(topic), "closed");

    public void Advance(TimeSpan by)
    {
        _clock.Advance(by);
        _model.Advance(by);
    }

    public void StopReaders()
    {
        _bus.StopReaders();
        _model.StopReaders();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers)
        {
            await reader.DisposeAsync();
        }

        await _bus.DisposeAsync();
    }

    private async Task StepAsync(int index, string name, Func<ModelRun, Task> step)
    {
        try
        {
            await step(this);
            foreach (var reader in _readers)
            {
                await reader.SettleAsync(s_patience);
                reader.Compare();
            }

            CompareTopics();
        }
        catch (ModelDivergenceException exception)
        {
            throw new ModelDivergenceException(string.Create(CultureInfo.InvariantCulture, $"step {index}, {name}: {exception.Message}"));
        }

        foreach (var finished in _readers.Where(static reader => reader.IsFinished).ToList())
        {
            _readers.Remove(finished);
            _model.Readers.Remove(finished.Expected);
            await finished.DisposeAsync();
        }
    }

    private Task ReadAllAsync()
    {
        foreach (var reader in _readers)
        {
            reader.Read(int.MaxValue, atOnce: false);
        }

        return Task.CompletedTask;
    }

    private void CompareTopics()
    {
        var actual = _bus.Topics.OrderBy(static topic => topic.Name, StringComparer.Ordinal).Select(static topic =>
            $"{topic.Name} {topic.Head}, {topic.Subscriptions} readers, {topic.HistoryCount} held of {topic.HistoryBytes} bytes, completed {topic.IsCompleted}");
        var expected = _model.Topics.Values.OrderBy(static topic => topic.Name, StringComparer.Ordinal).Select(static topic =>
            $"{topic.Name} {topic.Epoch}-{topic.Head}, {topic.Places.Count} readers, {topic.Held.Count} held of {topic.Held.Sum(static item => (long)item.Size)} bytes, completed {topic.IsCompleted}");
        Expect.Equal(string.Join("; ", actual), string.Join("; ", expected), "topics");
    }

    private ReaderPair? Find(int index) => _readers.Count == 0 ? null : _readers[index % _readers.Count];

    private ModelTopic ModelTopic(string name) => _model.GetOrCreate(name, () => _bus.FindTopic(name)!.Head.EpochToken);

    private EventCursor? Resolve(SubscribeCommand command) => command.From switch
    {
        Origin.Fresh => null,
        Origin.Start => EventCursor.Start,
        Origin.End => EventCursor.End,
        Origin.OfReader => Find(command.Index)?.Actual.Cursor,
        Origin.Remembered when _remembered.Count > 0 => _remembered[^(1 + (command.Index % _remembered.Count))],
        Origin.Ahead when _bus.FindTopic(command.Spec.Topic!) is { } topic => new EventCursor(topic.Head.EpochToken, topic.Head.Sequence + 1 + command.Index),
        _ => new EventCursor("nobodys", 7),
    };
}
