using System.Collections.Concurrent;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Runs.Model;

/// <summary>Does what a scenario says to one run and to what it starts, from one thread or from several.</summary>
internal sealed class RunDriver(RunRecorder recorder, ManualTimeProvider clock, CancellationTokenSource stop)
{
    // Halves of surrogate pairs, too: models' tokens are cut anywhere.
    private static readonly string[] s_texts = ["", "a", "word ", "\ud83d", "\ude00", "\ud83d\ude00", "line\n", "a text longer than a message is", "x\ud83d", "z", "ö", "\"quoted\""];

    private readonly Shelf<AgentRun> _runs = new();
    private readonly Shelf<AgentStep> _steps = new();
    private readonly Shelf<AgentToolCall> _tools = new();
    private readonly Shelf<AgentMessage> _messages = new();
    private readonly Shelf<AgentReasoning> _thoughts = new();
    private readonly Shelf<AgentRetrieval> _retrievals = new();
    private readonly Shelf<IDisposable> _pauses = new();
    private readonly Shelf<CancellationTokenSource> _waits = new();
    private readonly ConcurrentBag<Task> _answers = [];

    /// <summary>What is done to something that has ended, and so must be refused. Only told when one thread does it all.</summary>
    public ConcurrentDictionary<object, bool> Ended { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What was reported of each tool call last. Only told when one thread does it all.</summary>
    public ConcurrentDictionary<Guid, ToolCallProgress> Reported { get; } = new();

    public void Use(AgentRun run) => _runs.Put(run);

    public async Task WaitForAnswersAsync()
    {
        foreach (var answer in _answers)
        {
            try
            {
                await answer.WithinSafetyAsync();
            }
            catch (Exception exception) when (exception is OperationCanceledException or AgentInputWithdrawnException)
            {
                // Both are answers.
            }
        }
    }

    /// <summary>Does it.</summary>
    /// <returns>Whether it was refused.</returns>
    public bool Do(RunCommand command)
    {
        try
        {
            Perform(command);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    /// <summary>Whether a command must be refused, when nobody else does anything.</summary>
    public bool MustRefuse(RunCommand command)
    {
        var action = command.Action;
        var (run, part) = action switch
        {
            >= RunAction.CompleteStep and <= RunAction.FailStep => Of(_steps.Get(command.Target), static step => step.Run),
            RunAction.ToolProgress or RunAction.AddSubStep or RunAction.CompleteTool or RunAction.FailTool => Of(_tools.Get(command.Target), static tool => tool.Run),
            RunAction.Append or RunAction.CompleteMessage or RunAction.CompleteMessageWithMore => Of(_messages.Get(command.Target), static message => message.Run),
            RunAction.Think => (_thoughts.Get(command.Target)?.Run ?? _runs.Get(command.Target), null),
            RunAction.CompleteRetrieval or RunAction.FailRetrieval => Of(_retrievals.Get(command.Target), static retrieval => retrieval.Run),
            RunAction.DisposeStep or RunAction.DisposeTool or RunAction.DisposeMessage or RunAction.DisposeRetrieval or RunAction.DisposeRun
                or RunAction.CancelInput or RunAction.AnswerThroughBus or RunAction.AnswerThroughRun or RunAction.EndPause or RunAction.Advance or RunAction.CancelToken => (null, null),
            _ => (_runs.Get(command.Target), (object?)null),
        };
        return run is { IsEnded: true }
            || (part is not null && Ended.ContainsKey(part))
            || (action == RunAction.Report && run is { Parent: null });
    }

    private static (AgentRun? Run, object? Part) Of<T>(T? part, Func<T, AgentRun> runOf)
        where T : class => part is null ? (null, null) : (runOf(part), part);

    private void Perform(RunCommand command)
    {
        var (action, target, value) = command;
        var text = s_texts[value];
        var run = _runs.Get(target)!; // There is always the first.
        Action perform = action switch
        {
            RunAction.StartStep => () => _steps.Put(run.StartStep("Read")),
            RunAction.CompleteStep => () => End(_steps.Get(target), static step => step.Complete(cached: true)),
            RunAction.FailStep => () => End(_steps.Get(target), static step => step.Fail("unreadable", "It could not be read.")),
            RunAction.DisposeStep => () => End(_steps.Get(target), static step => step.Dispose()),
            RunAction.StartTool => () => _tools.Put(run.StartTool("search", RunRecorder.Json("""{"q":1}"""))),
            RunAction.ToolProgress => () => ReportTool(_tools.Get(target), text, value > 9 ? null : value / 9.0),
            RunAction.AddSubStep => () => _tools.Get(target)?.AddSubStep(RunRecorder.Json("1")),
            RunAction.CompleteTool => () => End(_tools.Get(target), static tool => tool.Complete("found")),
            RunAction.FailTool => () => End(_tools.Get(target), static tool => tool.Fail("not found")),
            RunAction.DisposeTool => () => End(_tools.Get(target), static tool => tool.Dispose()),
            RunAction.StartMessage => () => _messages.Put(run.StartMessage()),
            RunAction.Append => () => _messages.Get(target)?.Append(text),
            RunAction.CompleteMessage => () => End(_messages.Get(target), static message => message.Complete()),
            RunAction.CompleteMessageWithMore => () => End(_messages.Get(target), static message => message.Append("more"), static message => message.Complete()),
            RunAction.DisposeMessage => () => End(_messages.Get(target), static message => message.Dispose()),
            RunAction.Think => () => (_thoughts.Get(target) ?? _thoughts.Put(run.StartReasoning())).Append(text),
            RunAction.StartRetrieval => () => _retrievals.Put(run.StartRetrieval(["docs"])),
            RunAction.CompleteRetrieval => () => End(_retrievals.Get(target), static retrieval => retrieval.Complete(2, 0.5)),
            RunAction.FailRetrieval => () => End(_retrievals.Get(target), static retrieval => retrieval.Fail("offline", "The index is offline.")),
            RunAction.DisposeRetrieval => () => End(_retrievals.Get(target), static retrieval => retrieval.Dispose()),
            RunAction.Progress => () => run.ProgressRange(0.1, 0.9).Range(0.2, 1).Report(value / 10.0, text, $"stage {target}"),
            RunAction.Status => () => run.Status(text),
            RunAction.Warn => () => run.Warn("slow", text),
            RunAction.AddUsage => () => run.AddUsage(value, 1),
            RunAction.Publish => () => run.Publish(AgentEvents.LoopIteration, new LoopIteration("node", value)),
            RunAction.RequestInput => () => Ask(run),
            RunAction.CancelInput => () => _waits.Get(target)?.Cancel(),
            RunAction.AnswerThroughRun => () => AnswerNewest(id => run.TryAnswer(id, RunRecorder.Json("true"))),
            RunAction.AnswerThroughBus => () => AnswerThroughBus(),
            RunAction.Pause => () => _pauses.Put(run.Pause("waiting")),
            RunAction.EndPause => () => _pauses.Get(target)?.Dispose(),
            RunAction.StartWorker => () => _runs.Put(run.StartWorker($"{value}", "scan")),
            RunAction.Report => () => run.Report(text),
            RunAction.Advance => () => clock.Advance(TimeSpan.FromMilliseconds(30 * value)),
            RunAction.CancelToken => () => stop.Cancel(),
            RunAction.CompleteRun => () => run.Complete(RunRecorder.Json("{}")),
            RunAction.CancelRun => () => run.Cancel(),
            RunAction.FailRun => () => run.Fail("broken", "It broke."),
            RunAction.DisposeRun => () => run.Dispose(),
            _ => throw new NotSupportedException($"{action}"),
        };
        perform();
    }

    private void End<T>(T? part, params ReadOnlySpan<Action<T>> actions)
        where T : class
    {
        if (part is not null)
        {
            foreach (var action in actions)
            {
                action(part);
            }

            Ended[part] = true;
        }
    }

    private void ReportTool(AgentToolCall? call, string message, double? fraction)
    {
        if (call is not null)
        {
            call.Progress(message, fraction);
            Reported.AddOrUpdate(
                call.Id,
                id => new ToolCallProgress(id, message, fraction),
                (id, before) => new ToolCallProgress(id, message, fraction > before.Fraction ? fraction : before.Fraction ?? fraction));
        }
    }

    private void Ask(AgentRun run)
    {
        var wait = new CancellationTokenSource();
        _answers.Add(run.RequestInputAsync("Go on?", cancellationToken: wait.Token));
        _waits.Put(wait);
    }

    /// <summary>As an HTTP route answers, that knows nothing of the run: without its id, so it is no event of the run.</summary>
    private void AnswerThroughBus() => AnswerNewest(id => recorder.Bus.Publish(RunRecorder.Topic, AgentEvents.InputReceived, new InputReceived(id, RunRecorder.Json("true"))));

    private void AnswerNewest(Action<string> answer)
    {
        if (recorder.All<InputRequested>() is [.., var newest])
        {
            answer(newest.Id);
        }
    }

    /// <summary>What was started, in order.</summary>
    private sealed class Shelf<T>
        where T : class
    {
        private readonly List<T> _items = [];

        public T Put(T item)
        {
            lock (_items)
            {
                _items.Add(item);
                return item;
            }
        }

        public T? Get(int index)
        {
            lock (_items)
            {
                return _items.Count == 0 ? null : _items[index % _items.Count];
            }
        }
    }
}
