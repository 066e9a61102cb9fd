namespace EventStreaming.Agents.Snapshots;

/// <summary>What is known of a session: what its events, one after another, make of it. Bounded: what is finished goes first, then what is oldest.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed partial class SessionState(SessionSnapshotsOptions options)
{
    private const int Overhead = 1_024;

    private readonly FoldedList<string, FoldedRun> _runs = new();
    private readonly FoldedList<string, FoldedMessage> _messages = new();
    private readonly FoldedList<string, FoldedReasoning> _reasoning = new();
    private readonly FoldedList<Guid, FoldedToolCall> _toolCalls = new();
    private readonly FoldedList<long, Folded<RetrievalSnapshot>> _retrievals = new();
    private readonly FoldedList<string, Folded<InputSnapshot>> _inputs = new();
    private string? _threadId;

    /// <summary>What it counts towards the limits.</summary>
    public long Bytes { get; private set; } = Overhead;

    /// <summary>Whether there was more than is kept.</summary>
    public bool IsTruncated { get; set; }

    /// <summary>Whether a run is at work.</summary>
    public bool IsBusy => _runs.Items.Any(static run => !run.IsFinished);

    // What a single text may hold: the rest of the session shall not go for it.
    private long MaxTextBytes => options.MaxBytesPerSession / 2;

    public SessionSnapshot CreateSnapshot(EventCursor cursor) => new(
        _threadId,
        [.. _runs.Items.Select(static run => run.Snapshot)],
        [.. _messages.Items.Select(static message => message.Snapshot)],
        [.. _reasoning.Items.Select(static reasoning => reasoning.Snapshot)],
        [.. _toolCalls.Items.Where(static call => !call.IsFinished).Select(static call => call.Snapshot)],
        [.. _inputs.Items.Select(static input => input.Snapshot)],
        IsTruncated)
    {
        EndedToolCalls = [.. _toolCalls.Items.Where(static call => call.IsFinished).Select(static call => call.Snapshot)],
        Retrievals = [.. _retrievals.Items.Select(static found => found.Snapshot)],
        Cursor = cursor,
    };

    /// <summary>Events are missing: what is open may have gone on without us.</summary>
    public void Miss()
    {
        IsTruncated = true;
        foreach (var message in _messages.Items)
        {
            message.Miss();
        }

        foreach (var reasoning in _reasoning.Items)
        {
            reasoning.Miss();
        }
    }

    private void Change<TItem>(TItem item, Action<TItem> change)
        where TItem : IFolded
    {
        var before = item.Bytes;
        change(item);
        Bytes += item.Bytes - before;
    }

    private void Trim()
    {
        Trim(_runs);
        Trim(_messages);
        Trim(_reasoning);
        Trim(_toolCalls);
        Trim(_retrievals);
        Trim(_inputs);
        while (Bytes > options.MaxBytesPerSession && RemoveOldest() is > 0 and var bytes)
        {
            Bytes -= bytes;
            IsTruncated = true;
        }
    }

    private void Trim<TKey, TItem>(FoldedList<TKey, TItem> list)
        where TKey : notnull
        where TItem : class, IFolded
    {
        while (list.Count > options.MaxItems)
        {
            Bytes -= list.RemoveOldest(finishedOnly: false);
            IsTruncated = true;
        }
    }

    private long RemoveOldest() =>
        FirstOf(_retrievals.RemoveOldest(finishedOnly: false))
        ?? FirstOf(_toolCalls.RemoveOldest(finishedOnly: true))
        ?? FirstOf(_messages.RemoveOldest(finishedOnly: true))
        ?? FirstOf(_runs.RemoveOldest(finishedOnly: true))
        ?? FirstOf(_reasoning.RemoveOldest(finishedOnly: false))
        ?? FirstOf(_toolCalls.RemoveOldest(finishedOnly: false))
        ?? FirstOf(_inputs.RemoveOldest(finishedOnly: false))
        ?? FirstOf(_messages.RemoveOldest(finishedOnly: false))
        ?? _runs.RemoveOldest(finishedOnly: false);

    private static long? FirstOf(long bytes) => bytes > 0 ? bytes : null;
}
