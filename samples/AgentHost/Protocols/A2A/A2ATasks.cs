using System.Diagnostics;
using AgentHost.Endpoints;
using AgentHost.Sessions;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Protocols.A2A;

/// <summary>Runs as A2A's tasks: the task's id is the run's.</summary>
internal sealed class A2ATasks(EventBus bus, A2AProtocol protocol, SessionRegistry sessions, AgentRuns runs, Conversations conversations, ISessionSnapshots snapshots)
{
    /// <summary>How long at most what is told of a run is behind what it has told.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(5);

    /// <summary>The session of a task; null when there is no such task, or it is forgotten.</summary>
    public Session? Find(string? taskId, out bool isEnded)
    {
        var run = taskId is null ? null : runs.Find(taskId);
        isEnded = run is { IsEnded: true };
        return run is null ? null : sessions.Find(run.Topic);
    }

    /// <summary>Takes a message: it starts a task, or answers what one asks.</summary>
    public DoorRun Take(Session session, A2AMessage message) =>
        message.TaskId is null ? conversations.Take(session, message.Said)
        : conversations.FindOpen(session, message.TaskId) is not { } input ? DoorRun.Refused(NotAsked)
        : conversations.Answer(session, input.Request.Id, message.Said.Text is { } text ? AnswerText.Read(text, input.Request.Schema) : message.Data) with { RunId = message.TaskId };

    /// <summary>The task as JSON, when it has ended, or waits for somebody.</summary>
    public async Task<byte[]?> WaitAsync(Session session, string taskId, CancellationToken cancellationToken)
    {
        var subscription = bus.Subscribe(
            new SubscriptionOptions
            {
                Topic = session.Id,
                From = EventCursor.Start,
                Types = [AgentEvents.RunComplete.Name, AgentEvents.Error.Name, AgentEvents.InputRequested.Name],
                IncludeWorkers = true,
                EndOnTerminal = false,
                Name = "a2a",
            },
            cancellationToken);
        await using (subscription)
        {
            await foreach (var item in subscription.ReadAllAsync(cancellationToken))
            {
                if (IsSettled(session, taskId, item))
                {
                    return await GetAsync(session, taskId, snapshot => snapshot.Cursor.Sequence >= item.Sequence, cancellationToken);
                }
            }
        }

        return protocol.GetTask(session.Id, taskId);
    }

    /// <summary>The task as it stands, as JSON.</summary>
    public Task<byte[]?> GetAsync(Session session, string taskId, CancellationToken cancellationToken) => GetAsync(session, taskId, static _ => true, cancellationToken);

    /// <summary>Cancels a task.</summary>
    /// <returns>It, as JSON; null when it has ended before.</returns>
    public async Task<byte[]?> CancelAsync(Session session, string taskId, CancellationToken cancellationToken) =>
        await conversations.CancelAsync(session, taskId)
            ? await GetAsync(session, taskId, snapshot => RunOf(snapshot, taskId) is { EndedAt: not null }, cancellationToken)
            : null;

    private static Refusal NotAsked { get; } = Refusal.BadRequest("The task is at work and asks nothing. Subscribe to it, or begin another without 'taskId'.");

    private static RunSnapshot? RunOf(SessionSnapshot snapshot, string runId) => snapshot.Runs.LastOrDefault(run => string.Equals(run.RunId, runId, StringComparison.Ordinal));

    private bool IsSettled(Session session, string taskId, StreamEvent item) =>
        string.Equals(item.Type, AgentEvents.InputRequested.Name, StringComparison.Ordinal) ? conversations.FindOpen(session, taskId) is not null
        : string.Equals(item.RunId, taskId, StringComparison.Ordinal) && item.IsTerminal;

    /// <summary>What is told of a run follows what it tells, a moment later.</summary>
    private async Task<byte[]?> GetAsync(Session session, string taskId, Func<SessionSnapshot, bool> isKnown, CancellationToken cancellationToken)
    {
        var since = Stopwatch.GetTimestamp();
        using var glance = new PeriodicTimer(s_glance);
        do
        {
            if (snapshots.Find(session.Id) is { } snapshot && isKnown(snapshot) && protocol.GetTask(session.Id, taskId) is { } task)
            {
                return task;
            }
        }
        while (Stopwatch.GetElapsedTime(since) < s_patience && await glance.WaitForNextTickAsync(cancellationToken));

        return null;
    }
}
