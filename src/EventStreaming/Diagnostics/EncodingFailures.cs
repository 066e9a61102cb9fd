using Microsoft.Extensions.Logging;

namespace EventStreaming;

/// <summary>Counts and logs the events of a bus that could not be encoded. Thread-safe.</summary>
internal sealed class EncodingFailures(BusMetrics metrics, ILogger logger) : IEncodingObserver
{
    /// <inheritdoc/>
    public void OnUnencodable(StreamEvent item, EventEncoder encoder, Exception exception)
    {
        metrics.OnGap(GapReason.Unencodable);
        HostCode.Run(
            static failure => Log.Unencodable(failure.Logger, failure.Exception, failure.Item.Type, failure.Item.Cursor.ToString(), failure.Encoder.Format),
            (Logger: logger, Exception: exception, Item: item, Encoder: encoder));
    }
}
