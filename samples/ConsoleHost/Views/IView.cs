using EventStreaming;

namespace ConsoleHost.Views;

/// <summary>Shows a run on a console. Its events come from several readers, and so from several threads.</summary>
internal interface IView
{
    /// <summary>Where lines beside the run's own events go.</summary>
    Transcript Transcript { get; }

    /// <summary>Shows the run for as long as it is being watched.</summary>
    /// <param name="workers">The sources of the workers.</param>
    /// <param name="watch">Reads the subscriptions; completes when they have ended.</param>
    Task ShowAsync(IReadOnlyList<string> workers, Func<Task> watch);

    /// <summary>An event of the session, for all its viewers.</summary>
    void OnSession(StreamEvent item);

    /// <summary>An event of one worker.</summary>
    void OnWorker(StreamEvent item);
}
