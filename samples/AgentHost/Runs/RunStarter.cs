using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Options;
using AgentHost.Sessions;
using EventStreaming.Agents;

namespace AgentHost.Runs;

/// <summary>Starts runs of every kind, for whichever route they are asked for by.</summary>
internal sealed class RunStarter
{
    private readonly AgentRuns _runs;
    private readonly Dictionary<string, IRunKind> _kinds;

    /// <exception cref="BadOptionException">The host is asked to offer a kind that there is not.</exception>
    public RunStarter(IEnumerable<IRunKind> kinds, AgentRuns runs, AgentHostOptions options)
    {
        _runs = runs;
        _kinds = kinds.ToDictionary(static kind => kind.Name, StringComparer.Ordinal);
        if (options.Kinds.FirstOrDefault(kind => !_kinds.ContainsKey(kind)) is { } unknown)
        {
            throw new BadOptionException($"--kinds has '{unknown}', which is no kind of run; use some of {string.Join(',', _kinds.Keys)}.");
        }

        foreach (var kind in _kinds.Keys.Where(kind => !options.Offers(kind)).ToList())
        {
            _kinds.Remove(kind);
        }
    }

    /// <summary>Starts a run that is asked for as JSON, which says of what kind it is.</summary>
    /// <returns>Why it did not begin; null when it did.</returns>
    public Refusal? TryStart(Session session, JsonElement request, out StartedRun? started) => TryStart(session, request, static plan => plan, out started);

    /// <param name="session">Where the run tells what it does.</param>
    /// <param name="request">The request's JSON.</param>
    /// <param name="adapt">Makes of the kind's plan the one that is done.</param>
    /// <param name="started">The run, when it has begun.</param>
    /// <inheritdoc cref="TryStart(Session, JsonElement, out StartedRun?)"/>
    public Refusal? TryStart(Session session, JsonElement request, Func<RunPlan, RunPlan> adapt, out StartedRun? started)
    {
        started = null;
        return !RequestBody.TryRead(request, AgentHostJsonContext.Default.RunKindRequest, "The body", out var asked, out var refusal) ? refusal
            : asked.Kind is null || !_kinds.TryGetValue(asked.Kind, out var kind)
                ? Refusal.BadRequest($"There is no such kind of run. Send a kind there is: {string.Join(", ", _kinds.Keys.Select(static name => $"'{name}'"))}.")
            : kind.TryPlan(session, request, out var plan) ?? TryStart(session, adapt(plan!), out started);
    }

    /// <summary>Starts a run of a kind.</summary>
    /// <inheritdoc cref="TryStart(Session, JsonElement, out StartedRun?)" path="/returns"/>
    public Refusal? TryStart<TRequest>(Session session, RunKind<TRequest> kind, TRequest request, out StartedRun? started)
        where TRequest : class
    {
        started = null;
        return kind.TryPlan(session, request, out var plan) ?? TryStart(session, plan!, out started);
    }

    private Refusal? TryStart(Session session, RunPlan plan, out StartedRun? started)
    {
        // As one with looking whether the session is there: in a deleted one a run would bring the topic back to life.
        AgentRunStart start = default;
        if (!session.TryPublish(() => start = _runs.Start(session.Id, plan.Kind, plan.Work, plan.Options)))
        {
            started = null;
            return Refusal.NoSuchSession;
        }

        started = start.IsStarted ? new StartedRun(start.RunId!, plan.WorkerIds) : null;
        return start.IsStarted ? null : Refusal.Of(start.Admission);
    }
}
