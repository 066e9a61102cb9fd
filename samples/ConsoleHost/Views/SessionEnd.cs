using System.Text.Json;
using EventStreaming;
using EventStreaming.Agents;
using Indexing;

namespace ConsoleHost.Views;

/// <summary>How the session ended, as its subscription told it.</summary>
internal sealed class SessionEnd
{
    /// <summary>What came of the job; null when it failed.</summary>
    public IndexResult? Result { get; private set; }

    /// <summary>Why it failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    public int ExitCode { get; private set; } = ExitCodes.Failed;

    public void On(StreamEvent item)
    {
        if (item.Source is not IndexingJob.Source)
        {
            // A worker's end is not the session's.
            return;
        }

        switch (item.Data)
        {
            case RunCompleted run:
                Result = run.Result?.Deserialize(IndexJsonContext.Default.IndexResult);
                ExitCode = run.Outcome == RunOutcome.Success ? ExitCodes.Success : ExitCodes.Cancelled;
                break;
            case AgentError { Recoverable: false } error:
                Failure = error.Message;
                break;
        }
    }
}
