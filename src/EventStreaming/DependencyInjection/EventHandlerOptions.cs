namespace EventStreaming;

/// <summary>How a registered handler reads its bus.</summary>
public sealed class EventHandlerOptions
{
    /// <summary>What happens when it throws.</summary>
    /// <value>Default <see cref="HandlerErrorPolicy.Continue"/>.</value>
    public HandlerErrorPolicy OnError { get; set; }

    /// <summary>Whether it also gets what workers say among themselves.</summary>
    /// <value>Default true: a handler works for the host, not for one viewer.</value>
    public bool IncludeWorkers { get; set; } = true;

    /// <summary>The most events waiting for it. Beyond them it reads from history, and loses only what that no longer holds.</summary>
    /// <value>Events, 2 to 1,048,576. Default 1,024.</value>
    public int Capacity { get; set; } = 1_024;
}
