namespace EventStreaming;

/// <summary>Where in a topic a cursor leads. A cursor is untrusted: whatever it says, it leads into this topic or nowhere. Under the topic's lock.</summary>
internal static class ResumePoint
{
    /// <param name="topic">The topic.</param>
    /// <param name="filter">What the subscription reads: what it would not get is not missing.</param>
    /// <param name="from">The cursor, or null for a fresh connect.</param>
    /// <param name="position">The sequence behind which to begin.</param>
    public static ResumeOutcome Resolve(Topic topic, EventFilter filter, EventCursor? from, out long position)
    {
        position = 0;
        if (from is not { } cursor)
        {
            return ResumeOutcome.Fresh;
        }

        if (cursor.IsEnd)
        {
            position = topic.Head;
            return ResumeOutcome.Fresh;
        }

        if (!cursor.IsStart)
        {
            if (!string.Equals(cursor.EpochToken, topic.Origin.Epoch, StringComparison.Ordinal))
            {
                // What is fed may have another name where it comes from.
                return Epoch.BelongsTo(cursor.EpochToken, topic.Name) || Epoch.AreOfOneTopic(cursor.EpochToken, topic.Origin.Epoch)
                    ? ResumeOutcome.EpochChanged
                    : ResumeOutcome.Unknown;
            }

            if (cursor.Sequence > topic.Head && !topic.IsFed)
            {
                return ResumeOutcome.Ahead;
            }

            position = cursor.Sequence;
        }

        return topic.History.HasLost(position, filter.OnlyCritical) ? ResumeOutcome.Gap : ResumeOutcome.Resumed;
    }
}
