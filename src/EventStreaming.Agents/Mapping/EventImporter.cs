using System.Globalization;

namespace EventStreaming.Agents.Mapping;

/// <summary>Reads one stream of a run and publishes what its mapper makes of it.</summary>
internal sealed class EventImporter(IEventBus bus, string topic, EventMapper mapper, EventImportOptions options)
{
    private const string UnknownStreamCode = "stream_unknown";

    private readonly List<EventDraft> _drafts = [];
    private object? _terminal;
    private long _published;

    public async Task<EventImport> RunAsync(Stream stream, EventImportFormat format, CancellationToken cancellationToken)
    {
        var bounded = new BoundedStream(stream, format is EventImportFormat.ServerSentEvents ? options.MaxItemBytes : null, options.ReadTimeout, mapper.Clock);
        var reader = StreamItems.ReadAsync(bounded, format, options.MaxItemBytes, cancellationToken).GetAsyncEnumerator(cancellationToken);
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

        var reason = ReasonOf(exception, format, bounded);
        return End(reason, exception ?? UnknownStream(reason, bounded));
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

    /// <summary>Why the run is cut off, if it is.</summary>
    private AgentError? ReasonOf(Exception? exception, EventImportFormat format, BoundedStream stream)
    {
        if (mapper.State is EventMapperState.Ended)
        {
            return null;
        }

        if (exception is not null)
        {
            // The first two are worded here; what else a connection says may name addresses, and is in EventImport.Exception.
            return exception switch
            {
                TimeoutException => new AgentError("stream_stalled", $"The agent's stream broke: {exception.Message}"),
                InvalidDataException => new AgentError("stream_invalid", $"The agent's stream broke: {exception.Message}"),
                _ => new AgentError("stream_broken", "The agent's stream broke."),
            };
        }

        if (!mapper.HasKnown && stream.Beginning.Length > 0)
        {
            return new AgentError(
                UnknownStreamCode,
                $"The agent's stream holds nothing that {mapper.GetType().Name} knows. It was read as {format}; expected is {mapper.Expected}.");
        }

        return mapper.Malformed > options.MaxMalformed ? new AgentError("stream_invalid", $"More than {options.MaxMalformed} events of the agent's stream could not be understood.")
            : mapper.State is EventMapperState.Waiting ? null
            : new AgentError("stream_ended", "The agent's stream ended before its run did.");
    }

    /// <summary>For the caller alone: the beginning of what was read may be anything, such as another service's error with a key in it.</summary>
    private static InvalidDataException? UnknownStream(AgentError? reason, BoundedStream stream) => reason is not { Code: UnknownStreamCode } ? null : new InvalidDataException(
        $"{reason.Message} It begins with '{stream.Beginning}'. Use the mapper of the protocol that the agent speaks, and say by {nameof(EventImportOptions)}.{nameof(EventImportOptions.Format)} how its events are put.");

    private EventImport End(AgentError? reason, Exception? exception)
    {
        if (reason is not null)
        {
            mapper.Fail(reason, _drafts);
            Publish();
        }

        var outcome = reason is not null ? EventImportOutcome.CutOff
            : mapper.State is EventMapperState.Waiting ? EventImportOutcome.Waiting
            : _terminal is not RunCompleted end ? EventImportOutcome.Failed
            : end.Outcome is RunOutcome.Cancelled ? EventImportOutcome.Cancelled : EventImportOutcome.Success;
        return new EventImport(outcome, _published, mapper.Malformed, mapper.Ignored)
        {
            Result = (_terminal as RunCompleted)?.Result,
            Error = _terminal as AgentError,
            Exception = exception,
        };
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

        // Subagents end before the run that they are part of does: the last that ends is that.
        _terminal = draft.Data is RunCompleted or AgentError { Recoverable: false } ? draft.Data : _terminal;
        _published++;
    }
}
