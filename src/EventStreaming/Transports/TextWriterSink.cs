using System.Text;

namespace EventStreaming;

/// <summary>Writes each event as one line of JSON to a text writer: a console, a log file, a test.</summary>
/// <remarks>It does not own the writer: closing flushes it and leaves it open.</remarks>
public sealed class TextWriterSink : IEventSink
{
    private readonly TextWriter _writer;
    private readonly EventEncoder _encoder;
    private readonly StringBuilder _lines = new();

    /// <summary>Creates a sink.</summary>
    /// <param name="writer">Where to write.</param>
    /// <param name="encoder">The format, of UTF-8 text; null for <see cref="JsonEventEncoder.Default"/>.</param>
    public TextWriterSink(TextWriter writer, EventEncoder? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _encoder = encoder ?? JsonEventEncoder.Default;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        _lines.Clear();
        foreach (var item in batch.Span)
        {
            _lines.Append(Encoding.UTF8.GetString(_encoder.GetBytes(item).Span)).Append('\n');
        }

        await _writer.WriteAsync(_lines, cancellationToken).ConfigureAwait(false);
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does nothing: text has no keepalive.</summary>
    public ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken) =>
        await _writer.FlushAsync(cancellationToken).ConfigureAwait(false);
}
