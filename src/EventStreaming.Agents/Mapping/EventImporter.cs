using System.Globalization;

namespace EventStreaming.Agents.Mapping;

/// <summary>Reads one stream of a run and publishes what its mapper makes of it.</summary>
internal sealed class EventImporter(IEventBus bus, string topic, EventMapper mapper, EventImportOptions options)
{
    private readonly List<EventDraft> _drafts = [];
    private long _published;

    public async Task<EventImport> RunAsync(Stream stream, EventImportFormat format, CancellationToken cancellationToken)
    {
        mapper.Continue();
        var reader = StreamItems.ReadAsync(stream, format, options, mapper.Clock, cancellationToken).GetAsyncEnumerator(cancellationToken);
        Exception? exception = null;
        try
        {
            while (!IsOver)
            {
                bool isMore;
                try
                {
                    isMore = await reader.MoveNextAsync().ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    mapper.Cancel(_drafts);
                    Publish();
                    throw;
                }
#pragma warning disable CA1031 // Whatever reading throws, the run's viewers must hear of its end; the caller is given it.
                catch (Exception thrown)
#pragma warning restore CA1031
                {
                    exception = thrown;
                    break;
                }

                if (!isMore)
                {
                    break;
                }

                Map(reader.Current);
            }
        }
        finally
        {
            await DisposeAsync(reader).ConfigureAwait(false);
        }

        End(exception);
        return new EventImport(mapper.State, _published, mapper.Malformed, exception);
    }

    private bool IsOver => (mapper.StopsAtEnd && mapper.State is EventMapperState.Ended) || mapper.Malformed > options.MaxMalformed;

    private static async ValueTask DisposeAsync(IAsyncDisposable reader)
    {
        try
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The stream is the caller's; what it throws while it is left says nothing new.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private void Map(StreamItem item)
    {
        if (item.IsTooLong)
        {
            mapper.Reject(string.Create(CultureInfo.InvariantCulture, $"A line was longer than {options.MaxItemBytes} bytes, and was skipped."), _drafts);
        }
        else
        {
            mapper.Map(item.Utf8.Span, _drafts, item.Type);
        }

        Publish();
    }

    private void End(Exception? exception)
    {
        if (mapper.State is EventMapperState.Ended)
        {
            return;
        }

        if (exception is not null)
        {
            var code = exception switch
            {
                TimeoutException => "stream_stalled",
                InvalidDataException => "stream_invalid",
                _ => "stream_broken",
            };
            mapper.Fail(new AgentError(code, $"The agent's stream broke: {exception.Message}"), _drafts);
        }
        else if (mapper.Malformed > options.MaxMalformed)
        {
            mapper.Fail(new AgentError("stream_invalid", $"More than {options.MaxMalformed} events of the agent's stream could not be understood."), _drafts);
        }
        else if (mapper.State is not EventMapperState.Waiting)
        {
            mapper.Fail(new AgentError("stream_ended", "The agent's stream ended before its run did."), _drafts);
        }

        Publish();
    }

    private void Publish()
    {
        try
        {
            foreach (var draft in _drafts)
            {
                Publish(draft);
            }
        }
        finally
        {
            _drafts.Clear();
        }
    }

    private void Publish(EventDraft draft)
    {
        try
        {
            bus.Publish(topic, draft);
        }
        catch (ArgumentException) when (SmallDrafts.TryMake(draft, out var small))
        {
            // It counts more than the bus takes: what opens, closes and ends is published all the same, without its content.
            bus.Publish(topic, small);
        }

        _published++;
    }
}
