namespace EventStreaming.Agents;

/// <summary>A question gets no answer: somebody said so, or its run has ended.</summary>
public sealed class AgentInputWithdrawnException : Exception
{
    /// <summary>Creates one.</summary>
    public AgentInputWithdrawnException()
        : base("The question gets no answer.")
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened.</param>
    public AgentInputWithdrawnException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why, or null.</param>
    public AgentInputWithdrawnException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
