using ConsoleHost.Indexing;
using EventStreaming;
using EventStreaming.Agents;
using Spectre.Console;
using Progress = EventStreaming.Agents.Progress;
using Status = EventStreaming.Agents.Status;

namespace ConsoleHost.Views;

/// <summary>Shows a run on a terminal: a bar for the queen and one for each worker, and when these are done her summary as it is streamed.</summary>
internal sealed class LiveView : IView
{
    private readonly IAnsiConsole _console;
    private readonly TaskCompletionSource _barsDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<string, ProgressTask> _bars = [];

    public LiveView(IAnsiConsole console)
    {
        _console = console;
        Transcript = new Transcript(console.Write, holdText: true);
    }

    public Transcript Transcript { get; }

    public async Task ShowAsync(IReadOnlyList<string> workers, Func<Task> watch)
    {
        Task watching = Task.CompletedTask;
        await _console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn(),
                new SpinnerColumn())
            .StartAsync(async display =>
            {
                _bars = workers.Prepend(IndexingJob.Source).ToDictionary(
                    static source => source, source => display.AddTask(Markup.Escape(source), new ProgressTaskSettings { MaxValue = 1 }), StringComparer.Ordinal);
                watching = watch();
                await Task.WhenAny(watching, _barsDone.Task);
            });
        Transcript.ReleaseText();
        await watching;
    }

    public void OnSession(StreamEvent item)
    {
        switch (item.Data)
        {
            case Progress progress:
                Move(item, progress);
                break;
            case Status status when item.Source is { } source:
                _bars[source].Description = $"{Markup.Escape(source)}: {Markup.Escape(status.Message)}";
                break;
            case MessageStarted:
                _barsDone.TrySetResult();
                break;
            case MessageDelta delta:
                Transcript.Text(delta.Text);
                break;
            case MessageCompleted:
                Transcript.EndText();
                break;
            default:
                LineOf(EventText.OfSession(item));
                break;
        }
    }

    public void OnWorker(StreamEvent item)
    {
        switch (item.Data)
        {
            case Progress progress:
                Move(item, progress);
                break;
            case RunCompleted:
                _bars[item.Source!].StopTask(); // The subscription is for this source.
                break;
            default:
                LineOf(EventText.OfWorker(item));
                break;
        }
    }

    private void Move(StreamEvent item, Progress progress)
    {
        if (item.Source is { } source)
        {
            var bar = _bars[source];
            bar.Value = progress.Fraction;
            if (!string.Equals(source, IndexingJob.Source, StringComparison.Ordinal))
            {
                bar.Description = Markup.Escape($"{source}: {progress.Message}");
            }
        }
    }

    private void LineOf(string? line)
    {
        if (line is not null)
        {
            Transcript.Line(line);
        }
    }
}
