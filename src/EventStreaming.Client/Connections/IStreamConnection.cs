namespace EventStreaming.Client;

/// <summary>One connection of a stream, being read by the stream's one reader.</summary>
internal interface IStreamConnection : IAsyncDisposable
{
    SseFrame Current { get; }

    /// <summary>The place to resume from. Never ahead of the frame at hand.</summary>
    string? LastEventId { get; }

    /// <summary>How long the server asks to wait before a reconnect; null if it has not asked.</summary>
    TimeSpan? Retry { get; }

    /// <summary>Why the server said it would end the stream; null while it has not.</summary>
    EndReason? AnnouncedEnd { get; set; }

    /// <summary>Whether it has ended by no fault of this stream: whatever there is to wait for, the source waits for it.</summary>
    bool MayResumeAtOnce { get; }

    /// <returns>False when it has ended, after all that came has been read.</returns>
    ValueTask<bool> MoveNextAsync();

    /// <summary>How long it has worked, now that it is lost.</summary>
    TimeSpan LifetimeUntil(Exception loss);
}
