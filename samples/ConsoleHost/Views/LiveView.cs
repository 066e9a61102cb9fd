using System.Globalization;
using EventStreaming;
using EventStreaming.Agents;
using Indexing;
using Spectre.Console;
using Progress = EventStreaming.Agents.Progress;

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
                new ProgressBarColumn { Width = 30 },
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
            case MessageStarted:
                Stop(IndexingJob.Source);
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
                Stop(item.Source!); // The subscription is for this source.
                break;
            default:
                LineOf(EventText.OfWorker(item));
                break;
        }
    }

    private void Move(StreamEvent item, Progress progress)
    {
        var source = item.Source!; // Of progress, only the queen's and the workers' get here.
        _bars[source].Value = progress.Fraction;
        _bars[source].Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{source} {progress.Current:N0} of {progress.Total:N0}"));
    }

    /// <summary>
    /// Each bar is moved by a reader of its own, and a worker's may be behind the queen's: the screen is the bars' until the last of them has stopped. Each
    /// stops its own first and looks at all then, so whichever comes last sees them stopped.
    /// </summary>
    private void Stop(string source)
    {
        _bars[source].StopTask();
        if (_bars.Values.All(static bar => bar.IsFinished))
        {
            _barsDone.TrySetResult();
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
