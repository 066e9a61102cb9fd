using System.Globalization;
using EventStreaming;
using EventStreaming.Agents;

namespace ConsoleHost.Views;

/// <summary>Shows a run as lines, for files and pipes. Progress is told once for each tenth.</summary>
internal sealed class PlainView(TextWriter output) : IView
{
    private int _tenths;

    public Transcript Transcript { get; } = new(output.Write);

    public Task ShowAsync(IReadOnlyList<string> workers, Func<Task> watch) => watch();

    public void OnSession(StreamEvent item)
    {
        switch (item.Data)
        {
            case Progress progress:
                OnProgress(item.Source, progress);
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

    public void OnWorker(StreamEvent item) => LineOf(EventText.OfWorker(item));

    private void OnProgress(string? source, Progress progress)
    {
        // Session events come from one reader, so this needs no lock.
        var tenths = (int)(progress.Fraction * 10);
        if (tenths > _tenths)
        {
            _tenths = tenths;
            Transcript.Line(string.Create(
                CultureInfo.InvariantCulture, $"[{source}] {progress.Stage}: {tenths * 10} % ({progress.Current:N0} of {progress.Total:N0})"));
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
