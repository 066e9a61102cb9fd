using Microsoft.Extensions.Logging;

namespace EventStreaming;

/// <summary>Counts and logs the events of a bus that could not be encoded. Thread-safe.</summary>
internal sealed class EncodingFailures(BusMetrics metrics, ILogger logger) : IEncodingObserver
{
    /// <inheritdoc/>
    public void OnUnencodable(StreamEvent item, EventEncoder encoder, Exception exception)
    {
        metrics.OnGap(GapReason.Unencodable);
        Log.Unencodable(logger, exception, item.Type, item.Cursor.ToString(), encoder.Format);
    }
}
