using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Protocols;

/// <summary>What doors do in sessions: runs are started, joined, answered and cancelled. Nobody's going ends one.</summary>
internal sealed class Conversations(RunStarter starter, AgentRuns runs, EventBus bus, ISessionSnapshots snapshots)
{
    private const int MaxText = 64 * 1024;

    /// <summary>Takes what a client says: it is the answer to a question that waits for one, or was said before, or starts a run.</summary>
    /// <param name="session">Where it is said.</param>
    /// <param name="said">What.</param>
    /// <param name="isAnew">Whether it starts a run whatever there is.</param>
    /// <param name="newRunId">What a run that begins is called.</param>
    /// <param name="runId">The run to show.</param>
    /// <returns>Why there is none; null when there is.</returns>
    public Refusal? Take(Session session, Said said, bool isAnew, string newRunId, out string runId)
    {
        runId = string.Empty;
        if (said.Text is { Length: > MaxText })
        {
            return Refusal.BadRequest(FormattableString.Invariant($"The message has {said.Text.Length} characters; send at most {MaxText}."));
        }

        if (!isAnew && (said.Text is null ? FindAtWork(session) : FindStarted(session, said) ?? TryAnswer(session, said.Text)) is { } atWork)
        {
            runId = atWork;
            return null;
        }

        return Start(session, said, newRunId, out runId);
    }

    /// <summary>Answers a question.</summary>
    /// <param name="session">Where it is asked.</param>
    /// <param name="inputId">Which.</param>
    /// <param name="value">The answer; null: there will be none.</param>
    /// <param name="runId">The run to show: the one that asked.</param>
    /// <returns>Why it cannot be; null when it is answered, now or before.</returns>
    public Refusal? Answer(Session session, string inputId, JsonElement? value, out string runId)
    {
        var answer = session.TryAnswer(bus, inputId, value);

        // An answer that is sent again shows what became of it as long as the run is remembered; of one that others run here, what is at work.
        runId = RootOf(session, answer.RunId) ?? FindAtWork(session) ?? string.Empty;
        return answer.Outcome == AgentInputOutcome.NotFound ? Refusal.NoSuchInput
            : runId.Length == 0 || (answer.Outcome == AgentInputOutcome.AlreadyAnswered && runs.Find(runId) is not { IsEnded: false }) ? Refusal.AlreadyAnswered
            : null;
    }

    /// <summary>The question that a run, or a worker of it, asked last of those that wait for an answer; null when it asks nothing.</summary>
    public InputSnapshot? FindOpen(Session session, string runId) =>
        bus.ListOpenInputs(session.Id).LastOrDefault(input => string.Equals(RootOf(session, input.RunId), runId, StringComparison.Ordinal));

    /// <summary>The run of a session that began last of those at work, or null.</summary>
    public string? FindAtWork(Session session) => runs.List(session.Id).Where(static run => !run.IsEnded).MaxBy(static run => run.StartedAt)?.RunId;

    /// <summary>The run of a session that began last of those that are remembered, or null.</summary>
    public string? FindLast(Session session) => FindAtWork(session) ?? runs.List(session.Id).MaxBy(static run => run.StartedAt)?.RunId;

    /// <summary>Cancels a run, or those of a session that are at work, and waits for their ends.</summary>
    /// <returns>Whether any was at work.</returns>
    public async Task<bool> CancelAsync(Session session, string? runId)
    {
        var atWork = runs.List(session.Id).Where(run => !run.IsEnded && (runId is null || string.Equals(run.RunId, runId, StringComparison.Ordinal))).ToList();
        foreach (var run in atWork)
        {
            runs.Cancel(run.RunId);
        }

        await Task.WhenAll(atWork.Select(run => runs.WaitAsync(run.RunId)));
        return atWork.Count > 0;
    }

    private string? FindStarted(Session session, Said said) =>
        session.Recall<DoorTurn>().Find(said.MessageId) is { } run && runs.Find(run) is { IsEnded: false } ? run : null;

    /// <summary>A question is answered by what is said next, for clients that have no other way.</summary>
    private string? TryAnswer(Session session, string text) =>
        FindAtWork(session) is { } newest && bus.ListOpenInputs(session.Id) is [.., var input]
            && session.TryAnswer(bus, input.Request.Id, AnswerText.Read(text, input.Request.Schema)).IsAccepted
            ? RootOf(session, input.RunId) ?? newest : null;

    /// <summary>The run of this host that a run is, or is a worker of; null when it is of others.</summary>
    private string? RootOf(Session session, string? runId)
    {
        var known = snapshots.Find(session.Id)?.Runs ?? [];
        for (var depth = 0; runId is not null && depth <= known.Count; depth++)
        {
            if (runs.Find(runId) is { } run && string.Equals(run.Topic, session.Id, StringComparison.Ordinal))
            {
                return runId;
            }

            runId = known.LastOrDefault(one => string.Equals(one.RunId, runId, StringComparison.Ordinal))?.Start.ParentRunId;
        }

        return null;
    }

    private Refusal? Start(Session session, Said said, string newRunId, out string runId)
    {
        var refusal = starter.TryStart(
            session,
            KindRequests.Create(said),
            plan =>
            {
                plan.Options.RunId = newRunId;
                return plan with { Work = Telling(plan.Work, session.Recall<DoorTurn>(), said) };
            },
            out var started);
        runId = started?.RunId ?? string.Empty;
        if (refusal is null)
        {
            session.Recall<DoorTurn>().Set(said.MessageId, runId);
        }

        return refusal;
    }

    /// <summary>What the user said is the run's first message, once: who joins late has the whole conversation.</summary>
    private static Func<AgentRun, CancellationToken, Task> Telling(Func<AgentRun, CancellationToken, Task> work, DoorTurn turn, Said said)
    {
        var isTold = string.IsNullOrEmpty(said.Text);
        return (run, cancellationToken) =>
        {
            if (!isTold)
            {
                isTold = true;
                if (turn.TryTell(said.MessageId))
                {
                    using var message = run.StartMessage("user", new AgentMessageOptions { Id = said.MessageId });
                    message.Complete(said.Text);
                }
            }

            return work(run, cancellationToken);
        };
    }
}
