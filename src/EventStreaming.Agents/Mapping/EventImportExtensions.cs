using EventStreaming.Agents.Mapping;

namespace EventStreaming.Agents;

/// <summary>Publishes the runs of agents that were written elsewhere.</summary>
public static class EventImportExtensions
{
    /// <summary>Reads a run from a stream and publishes it as it comes.</summary>
    /// <remarks>
    /// Reads until the run ends, waits for a person, or the stream does. When the stream ends or breaks before the run has ended, what is open is closed and
    /// one terminal <c>error</c> is published: nobody waits for what will not come. The error of a stream that holds nothing the mapper knows says so, and what it begins with. So the run has exactly one terminal event whatever the stream holds.
    /// <para>When it returns <see cref="EventImportOutcome.Waiting"/>: publish <c>input.received</c>, give the answer to the agent, and call this again with
    /// the same mapper and the stream it answers with.</para>
    /// </remarks>
    /// <param name="bus">Where to; its catalog has <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="mapper">Reads the protocol; one for each run.</param>
    /// <param name="stream">The stream; not disposed.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run as cancelled here. The agent is told by who calls: its run there is <see cref="EventMapper.RemoteId"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the topic's name is none.</exception>
    /// <exception cref="InvalidOperationException">The mapper's run has ended: each needs a mapper of its own.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the run has its terminal event.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public static Task<EventImport> ImportAsync(
        this IEventBus bus, string topic, EventMapper mapper, Stream stream, EventImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(mapper);
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new EventImportOptions();
        options.Validate();
        mapper.Open();
        return new EventImporter(bus, topic, mapper, options).RunAsync(stream, options.Format ?? mapper.DefaultFormat, cancellationToken);
    }

    /// <summary>Reads a run from a response, which must have been asked for with <see cref="HttpCompletionOption.ResponseHeadersRead"/> to be read as it comes.</summary>
    /// <param name="bus">Where to.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="mapper">Reads the protocol; one for each run.</param>
    /// <param name="content">The response's content; <c>text/event-stream</c> is read as that.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run as cancelled.</param>
    /// <inheritdoc cref="ImportAsync(IEventBus, string, EventMapper, Stream, EventImportOptions?, CancellationToken)" path="/remarks"/>
    /// <inheritdoc cref="ImportAsync(IEventBus, string, EventMapper, Stream, EventImportOptions?, CancellationToken)" path="/exception"/>
    public static async Task<EventImport> ImportAsync(
        this IEventBus bus, string topic, EventMapper mapper, HttpContent content, EventImportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(mapper);
        ArgumentNullException.ThrowIfNull(content);
        options ??= new EventImportOptions();
        options.Validate();
        mapper.Open();
        var format = options.Format ?? content.Headers.ContentType?.MediaType switch
        {
            "text/event-stream" => EventImportFormat.ServerSentEvents,
            "application/x-ndjson" or "application/jsonl" or "application/json-lines" => EventImportFormat.JsonLines,
            _ => mapper.DefaultFormat,
        };
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await new EventImporter(bus, topic, mapper, options).RunAsync(stream, format, cancellationToken).ConfigureAwait(false);
    }
}
