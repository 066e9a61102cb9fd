namespace EventStreaming.Agents.Protocols;

/// <summary>What an event is to a stream that shows one run.</summary>
internal enum RunPlace
{
    /// <summary>Nothing: it is of another run.</summary>
    Outside,

    /// <summary>The run begins with it.</summary>
    Opening,

    /// <summary>It is the run's own.</summary>
    Root,

    /// <summary>It is of a run that the run started, or of one beside it.</summary>
    Child,
}
