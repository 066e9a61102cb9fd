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
    public DoorRun Take(Session session, Said said, bool isAnew = false) =>
        said.Text is { Length: > MaxText } ? DoorRun.Refused(Refusal.BadRequest(FormattableString.Invariant($"The message has {said.Text.Length} characters; send at most {MaxText}.")))
        : isAnew ? New(session, said)
        : (said.Text is null ? FindAtWork(session) : FindStarted(session, said)) is { } atWork ? DoorRun.Watched(atWork)
        : AnswerWith(session, said.Text) ?? New(session, said);

    /// <summary>Answers questions.</summary>
    /// <param name="session">Where they are asked.</param>
    /// <param name="answers">Which, and the answer to each; null: there will be none.</param>
    /// <returns>The run that asked the last of them.</returns>
    public DoorRun Answer(Session session, IReadOnlyList<(string InputId, JsonElement? Value)> answers)
    {
        var asked = answers.Select(answer => Answer(session, answer.InputId, answer.Value)).ToList();
        return new DoorRun(asked[^1].RunId, () => asked.Select(static one => one.Begin()).FirstOrDefault(static refusal => refusal is not null));
    }

    /// <summary>Answers a question.</summary>
    /// <param name="session">Where it is asked.</param>
    /// <param name="inputId">Which.</param>
    /// <param name="value">The answer; null: there will be none.</param>
    /// <returns>The run that asked.</returns>
    public DoorRun Answer(Session session, string inputId, JsonElement? value)
    {
        if (bus.ListOpenInputs(session.Id).FirstOrDefault(input => string.Equals(input.Request.Id, inputId, StringComparison.Ordinal)) is { } open)
        {
            var asker = ShownRun(session, open.RunId);
            return new DoorRun(asker, () => Explain(session.TryAnswer(bus, inputId, value), asker));
        }

        // One that does not wait is not answered: this says who asked it, if it is known at all.
        var late = session.TryAnswer(bus, inputId, value);
        var runId = ShownRun(session, late.RunId);
        return new DoorRun(runId, () => Explain(late, runId));
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

    /// <summary>A question is answered by what is said next, for clients that have no other way; null when nothing is asked.</summary>
    private DoorRun? AnswerWith(Session session, string? text) =>
        text is not null && FindAtWork(session) is { } newest && bus.ListOpenInputs(session.Id) is [.., var input]
            ? new DoorRun(
                RootOf(session, input.RunId) ?? newest,
                () => session.TryAnswer(bus, input.Request.Id, AnswerText.Read(text, input.Request.Schema)).IsAccepted ? null : Refusal.AlreadyAnswered)
            : null;

    /// <summary>The run that shows what became of an answer, as long as it is remembered; of a question that others asked here, what is at work.</summary>
    private string? ShownRun(Session session, string? asker) => RootOf(session, asker) ?? FindAtWork(session);

    private Refusal? Explain(AgentInputAnswer answer, string? runId) => answer.Outcome switch
    {
        AgentInputOutcome.NotFound => Refusal.NoSuchInput,
        AgentInputOutcome.Accepted when runId is not null => null,
        _ => runId is not null && runs.Find(runId) is { IsEnded: false } ? null : Refusal.AlreadyAnswered,
    };

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

    private DoorRun New(Session session, Said said)
    {
        var runId = Guid.CreateVersion7().ToString("N");
        return new DoorRun(runId, () => Start(session, said, runId));
    }

    private Refusal? Start(Session session, Said said, string runId)
    {
        var refusal = starter.TryStart(
            session,
            KindRequests.Create(said),
            plan =>
            {
                plan.Options.RunId = runId;
                return plan with { Work = Telling(plan.Work, session.Recall<DoorTurn>(), said) };
            },
            out _);
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
