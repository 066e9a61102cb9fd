namespace ConsoleHost.Tests.Support;

internal sealed record ReaderCounters(long Delivered, long Dropped, long Filtered, long Superseded)
{
    public long Total => Delivered + Dropped + Filtered + Superseded;
}
