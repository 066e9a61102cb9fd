namespace EventStreaming;

/// <summary>Where a subscription stands in one topic. Only that topic's lock moves it.</summary>
internal enum AttachmentState
{
    /// <summary>New events are offered to its channel.</summary>
    Live,

    /// <summary>New events are not offered: its reader reads history until it has caught up, and then rejoins under the lock.</summary>
    Lagging,

    /// <summary>It gets nothing more from this topic.</summary>
    Detached,
}
