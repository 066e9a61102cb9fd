using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>What a run fails with when its viewers shall know why: its code, message and details are told them, where those of other exceptions are not.</summary>
/// <remarks>See <see cref="AgentError.Describe"/>. Write the message for them: no paths, queries, addresses or keys.</remarks>
public sealed class AgentRunException : Exception
{
    /// <summary>The <see cref="Code"/> of one that was given none.</summary>
    public const string DefaultCode = "run_failed";

    /// <summary>Creates one.</summary>
    public AgentRunException()
        : base("The run failed.")
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened, and what to do about it, for the run's viewers.</param>
    public AgentRunException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="message">What happened, and what to do about it, for the run's viewers.</param>
    /// <param name="innerException">Why, for the log alone; or null.</param>
    public AgentRunException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates one.</summary>
    /// <param name="code">What sort of failure, for programs: <c>snake_case</c>.</param>
    /// <param name="message">What happened, and what to do about it, for the run's viewers.</param>
    /// <param name="innerException">Why, for the log alone; or null.</param>
    /// <exception cref="ArgumentException">The code is empty.</exception>
    public AgentRunException(string code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        Code = code;
    }

    /// <summary>What sort of failure, for programs.</summary>
    /// <value>Default <see cref="DefaultCode"/>.</value>
    public string Code { get; } = DefaultCode;

    /// <summary>More about it, for programs.</summary>
    /// <value>Default null: nothing. Copied, so that its document may be disposed.</value>
    public JsonElement? Details { get; init => field = value is { ValueKind: not JsonValueKind.Undefined } ? value.Value.Clone() : null; }
}
