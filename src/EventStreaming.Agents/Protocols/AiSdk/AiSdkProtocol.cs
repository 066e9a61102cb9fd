using System.Text.Json;
using EventStreaming.Agents.Protocols;

namespace EventStreaming.Agents;

/// <summary>
/// The UI message stream of Vercel's AI SDK, version 1 (<c>ai-sdk</c>), as <c>useChat</c> and <c>DefaultChatTransport</c> of AI SDK 5 and later read it: a run is one
/// message of the assistant, whose id is the run's.
/// </summary>
/// <remarks>
/// Each message is one chunk, and the last is <c>[DONE]</c>. A stream always begins with the message's start, so that it can be resumed by asking for it again. It stops
/// where the user must approve a tool call: the answer comes with a request of its own, for which <see cref="Continue"/> gives the protocol. Any other question is a
/// <c>data-input-request</c> part, and the stream goes on once it is answered. Thread-safe; one instance serves all.
/// </remarks>
public sealed class AiSdkProtocol : EventProtocol
{
    private readonly ISessionSnapshots _snapshots;
    private readonly AiSdkStreamPlace? _place;

    /// <summary>Creates the protocol.</summary>
    /// <param name="snapshots">Tells how sessions stand.</param>
    public AiSdkProtocol(ISessionSnapshots snapshots)
        : this(snapshots, place: null)
    {
    }

    private AiSdkProtocol(ISessionSnapshots snapshots, AiSdkStreamPlace? place)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        (_snapshots, _place) = (snapshots, place);
    }

    /// <inheritdoc/>
    public override string Format => "ai-sdk";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Headers { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["x-vercel-ai-ui-message-stream"] = "v1" };

    /// <summary>
    /// The same for a request that answers an approval: the client goes on with the message it has, so the stream goes on behind what that stream has sent, and repeats nothing.
    /// </summary>
    /// <param name="messageMetadata">The <c>metadata</c> of the assistant's message in the request. It is untrusted: it can name no more than a place in the topic.</param>
    /// <returns>The protocol; null when the message did not stop for an approval.</returns>
    public AiSdkProtocol? Continue(JsonElement messageMetadata) =>
        AiSdkStreamPlace.Read(messageMetadata) is { } place ? new AiSdkProtocol(_snapshots, place) : null;

    /// <summary>Whether there is a stream to resume: else <c>GET /api/chat/{id}/stream</c> answers 204.</summary>
    /// <param name="topic">The session's topic.</param>
    /// <param name="runId">The run, or null for any.</param>
    public bool CanResume(string topic, string? runId = null) =>
        new RunFollower(new EventProtocolRequest(topic) { RunId = runId }, _snapshots.Find(topic)).Root is { EndedAt: null };

    /// <inheritdoc/>
    public override EventProtocolStream Open(EventProtocolRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AiSdkStream(request, _snapshots.Find(request.Topic), _place);
    }
}
