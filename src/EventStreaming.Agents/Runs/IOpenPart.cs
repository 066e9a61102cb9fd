namespace EventStreaming.Agents.Runs;

/// <summary>What a run has started and must end: a step, a tool call, a message, a retrieval, an input request, a worker's run.</summary>
internal interface IOpenPart
{
    /// <summary>Where it is among what its run has open; null when it is not. Under the run's lock.</summary>
    LinkedListNode<IOpenPart>? Place { get; set; }

    /// <summary>Publishes its end, as the run that it belongs to ends before it. Under the run's lock; never throws because of the bus.</summary>
    /// <param name="end">How the run ends.</param>
    void CloseWith(RunEnd end);

    /// <summary>Publishes its beginning again, with what has come of it, in the log of a topic that has begun anew. Under the run's lock; never throws because of the bus.</summary>
    void Retell();
}
