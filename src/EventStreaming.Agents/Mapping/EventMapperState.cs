namespace EventStreaming.Agents;

/// <summary>How the run stands that an <see cref="EventMapper"/> reads.</summary>
public enum EventMapperState
{
    /// <summary>Nothing has come of it.</summary>
    NotStarted,

    /// <summary>It is at work.</summary>
    Running,

    /// <summary>It waits for a person; its stream may end, and another go on with it.</summary>
    Waiting,

    /// <summary>It has ended: its one terminal event was given.</summary>
    Ended,
}
