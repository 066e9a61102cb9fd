namespace EventStreaming.Tests.Model;

/// <summary>A real subscription beside what the model says of it.</summary>
internal sealed class ReaderPair(EventSubscription actual, ModelReader expected, ReaderJournal journal, CancellationTokenSource cancellation) : IAsyncDisposable
{
    private bool _isDrained;

    public EventSubscription Actual => actual;

    public ModelReader Expected => expected;

    public CancellationTokenSource Cancellation => cancellation;

    public bool IsFinished => _isDrained && actual.EndReason is not null;

    public static string Describe(StreamEvent item) => item.Data switch
    {
        Gap gap => new GapItem(item.Topic, gap).ToString(),
        StreamOpening opening => new OpenItem(item.Topic, opening.Outcome, opening.Cursor).ToString(),
        _ => $"{item.Topic}:{item.Type}#{item.Sequence}",
    };

    public void Read(int count, bool atOnce)
    {
        if (atOnce)
        {
            var buffer = new StreamEvent[count];
            var read = actual.Read(buffer);
            for (var i = 0; i < read; i++)
            {
                OnRead(buffer[i]);
            }

            count = Math.Min(1, count - read);
        }

        while (count-- > 0 && OnRead(actual.TryRead(out var item) ? item : null))
        {
            // Until it has read so many, or there is no more.
        }
    }

    private bool OnRead(StreamEvent? item)
    {
        var next = expected.Read(item?.Topic);
        Expect.Equal(item is null ? "nothing" : Describe(item), next?.ToString() ?? "nothing", "read by " + expected.Spec);
        if (item is null)
        {
            _isDrained = true;
            journal.OnDrained(actual);
            return false;
        }

        journal.OnRead(item);
        return true;
    }

    /// <summary>What follows an end runs on the thread pool; the next step would race with it.</summary>
    public async Task SettleAsync(TimeSpan patience)
    {
        if (actual.EndReason is not null)
        {
            Expect.Equal(await actual.Completion.WaitAsync(patience), actual.EndReason.Value, "completion");
        }
    }

    public void Compare()
    {
        Expect.Equal(Describe(actual), Describe(expected), "reader of " + expected.Spec);
        if (actual.EndReason is null)
        {
            _isDrained = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await actual.DisposeAsync();
        cancellation.Dispose();
    }

    private static string Describe(EventSubscription reader) =>
        $"{reader.Outcome}, behind {reader.Cursor}, end {reader.EndReason}, lagging {reader.IsLagging}, queued {reader.Queued}, "
        + $"delivered {reader.Delivered}, dropped {reader.Dropped}, filtered {reader.Filtered}, superseded {reader.Superseded}";

    private static string Describe(ModelReader reader) =>
        $"{reader.Outcome}, behind {reader.Cursor}, end {reader.EndReason}, lagging {reader.IsLagging}, queued {reader.Queued}, "
        + $"delivered {reader.Delivered}, dropped {reader.Dropped}, filtered {reader.Filtered}, superseded {reader.Superseded}";
}
