namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>As what a stream shows a run.</summary>
internal enum AgUiView
{
    /// <summary>As the run itself.</summary>
    Root,

    /// <summary>As a subagent's: what it says is tagged with its id, and the ids of its messages begin with it, as two runs may use the same.</summary>
    Subagent,
}
