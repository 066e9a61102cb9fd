namespace EventStreaming.AspNetCore;

/// <summary>Whether a client that has an event may resume from it.</summary>
internal static class ResumablePlace
{
    /// <summary>Not when it has no place, or the stream has yet to be given its own: a cursor there would be a place nobody has been at.</summary>
    public static bool IsIn(StreamEvent source) =>
        !source.IsControl || source.Data is not (StreamOpening { Cursor: null } or StreamEnding { Cursor: null } or UpstreamState);
}
