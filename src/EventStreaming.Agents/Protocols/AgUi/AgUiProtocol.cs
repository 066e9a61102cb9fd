using EventStreaming.Agents.Protocols.AgUi;

namespace EventStreaming.Agents;

/// <summary>
/// AG-UI 1.0, which agent front ends speak: one event of it per message. A connection is told how the session stands, and goes on live; there is no
/// resuming, so a client that was cut off connects anew.
/// </summary>
/// <remarks>
/// <para>With a <see cref="EventProtocolRequest.RunId"/> the stream is that run's and is over when it has ended or asks a question, as AG-UI's clients wait for the end of the
/// stream: they answer with a new request, whose stream goes on with the same run. Without one, the session's runs follow each other in one stream, until one fails, behind
/// which AG-UI allows nothing. Of two runs at a time the later one is shown as a subagent's, as workers' runs are.</para>
/// <para><see cref="EventProtocolRequest.Input"/> is the client's <c>RunAgentInput</c>. Given it, a client that joins a run at work gets what its <c>messages</c> lack; without it, a
/// <c>MESSAGES_SNAPSHOT</c>, which takes from a client what the snapshot does not have, as the tool calls of earlier runs.</para>
/// <para>A stream that ends in the middle of a run, as when the host stops, ends with a <c>RUN_ERROR</c> whose code starts with <c>stream_</c>: clients take a stream that just
/// stops for a run that has ended well. The run goes on; to connect again shows it.</para>
/// <para>There is no <c>STATE_SNAPSHOT</c>: that state is the application's, and an agent's run here has none of it.</para>
/// <para>Thread-safe.</para>
/// </remarks>
/// <param name="snapshots">Tells how sessions stand.</param>
public sealed class AgUiProtocol(ISessionSnapshots snapshots) : EventProtocol
{
    internal const string Name = "ag-ui";

    private readonly ISessionSnapshots _snapshots = snapshots ?? throw new ArgumentNullException(nameof(snapshots));

    /// <inheritdoc/>
    public override string Format => Name;

    /// <summary>Whether to show what workers say and do on the way, and not only that they start and end, what they report and what they ask.</summary>
    /// <value>Default false.</value>
    public bool IncludeWorkers { get; init; }

    /// <inheritdoc/>
    public override EventProtocolStream Open(EventProtocolRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AgUiStream(request, _snapshots.Find(request.Topic), IncludeWorkers);
    }
}
