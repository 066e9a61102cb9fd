using EventStreaming.Agents.Mapping;

namespace EventStreaming.Agents;

/// <summary>Publishes the runs of agents that were written elsewhere.</summary>
public static class EventImportExtensions
{
    /// <summary>Reads a run from a stream and publishes it as it comes.</summary>
    /// <remarks>
    /// Reads until the run ends, waits for a person, or the stream does. When the stream ends or breaks before the run has ended, what is open is closed and
    /// one terminal <c>error</c> is published: nobody waits for what will not come. So the run has exactly one terminal event whatever the stream holds.
    /// <para>When it returns <see cref="EventMapperState.Waiting"/>: publish <c>input.received</c>, give the answer to the agent, and call this again with
    /// the same mapper and the stream it answers with.</para>
    /// </remarks>
    /// <param name="bus">Where to; its catalog has <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="mapper">Reads the protocol; one for each run.</param>
    /// <param name="stream">The stream; not disposed.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run as cancelled. Tells the agent nothing but by what the caller does with the stream.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the topic's name is none.</exception>
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
