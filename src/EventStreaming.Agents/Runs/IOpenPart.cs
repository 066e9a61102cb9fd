namespace EventStreaming.Agents.Runs;

/// <summary>What a run has started and must end: a step, a tool call, a message, a retrieval, an input request, a worker's run.</summary>
internal interface IOpenPart
{
    /// <summary>Publishes its end, as the run that it belongs to ends before it. Under the run's lock; never throws because of the bus.</summary>
    /// <param name="end">How the run ends.</param>
    void CloseWith(RunEnd end);
}
