using System.Text.Json;
using EventStreaming.Agents.Protocols;

namespace EventStreaming.Agents;

/// <summary>
/// A2A 1.0 (<c>a2a</c>): a run as a task, in the stream of <c>message:stream</c> and <c>tasks/{id}:subscribe</c>. The task's id is the run's, its context the
/// session's thread, or its topic when it has none.
/// </summary>
/// <remarks>
/// Each message is a StreamResponse: first the task, as it stands or as submitted; then its status updates and artifact updates. The stream is over when the task has
/// ended or requires input; and when events were missed, as all streams of a task must have the same: subscribe again. Thread-safe; one instance serves all.
/// </remarks>
public sealed class A2AProtocol : EventProtocol
{
    private readonly ISessionSnapshots _snapshots;
    private readonly A2AEnvelope _envelope;

    /// <summary>Creates the protocol in its HTTP+JSON form.</summary>
    /// <param name="snapshots">Tells how sessions stand.</param>
    public A2AProtocol(ISessionSnapshots snapshots)
        : this(snapshots, A2AEnvelope.None)
    {
    }

    private A2AProtocol(ISessionSnapshots snapshots, A2AEnvelope envelope)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        (_snapshots, _envelope) = (snapshots, envelope);
    }

    /// <inheritdoc/>
    public override string Format => "a2a";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["A2A-Version"] = "1.0" };

    /// <summary>The same in its JSON-RPC form: each message is a response to one request, which holds the StreamResponse as its result.</summary>
    /// <param name="requestId">The request's id: a string, a number or null.</param>
    /// <exception cref="ArgumentException">The id is something else.</exception>
    public A2AProtocol ForJsonRpc(JsonElement requestId) =>
        requestId.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null
            ? new(_snapshots, A2AEnvelope.JsonRpc(requestId))
            : throw new ArgumentException($"The id of a JSON-RPC request is a string, a number or null, not {requestId.ValueKind}.", nameof(requestId));

    /// <summary>The task as it stands: what <c>GET tasks/{id}</c> answers.</summary>
    /// <param name="topic">The session's topic.</param>
    /// <param name="runId">The task.</param>
    /// <returns>A Task, as UTF-8 JSON; null when there is none.</returns>
    public byte[]? GetTask(string topic, string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        var snapshot = _snapshots.Find(topic);
        var follower = new RunFollower(new EventProtocolRequest(topic) { RunId = runId }, snapshot);
        return follower.Root is { } run ? A2ATask.Write(snapshot!, run, follower, snapshot!.ThreadId ?? topic) : null;
    }

    /// <inheritdoc/>
    public override EventProtocolStream Open(EventProtocolRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new A2AStream(_envelope, request, _snapshots.Find(request.Topic));
    }
}
