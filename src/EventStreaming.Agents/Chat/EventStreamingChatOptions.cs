using System.Text.Json;
using EventStreaming.Agents.Chat;

namespace EventStreaming.Agents;

/// <summary>What is told of a model's responses. Read once, when the client is made.</summary>
public sealed class EventStreamingChatOptions
{
    /// <summary>The run that it is told in.</summary>
    /// <value>Default null: the caller's <see cref="AgentRun.Current"/> one; without one nothing is told.</value>
    public AgentRun? Run { get; set; }

    /// <summary>Who calls tools, for <c>tool_call.start</c>.</summary>
    /// <value>Default null: the author that the response names, if any.</value>
    public string? Agent { get; set; }

    /// <summary>Whether the arguments of tool calls are told. They may say more than a viewer should know.</summary>
    /// <value>Default true.</value>
    public bool IncludeArguments { get; set; } = true;

    /// <summary>Whether the results of tool calls are told. They may say more than a viewer should know.</summary>
    /// <value>Default true.</value>
    public bool IncludeResults { get; set; } = true;

    /// <summary>Whether reasoning is told.</summary>
    /// <value>Default true.</value>
    public bool IncludeReasoning { get; set; } = true;

    /// <summary>How many tokens the model's context takes, for <c>context.usage</c>.</summary>
    /// <value>Tokens, 1 or more. Default null: not known.</value>
    public long? ContextLimit { get; set; }

    /// <summary>How arguments and results are written as JSON; what it cannot write is told as text.</summary>
    /// <value>Default null: <c>AIJsonUtilities.DefaultOptions</c>, which needs no reflection for JSON and plain values.</value>
    public JsonSerializerOptions? JsonOptions { get; set; }

    internal static EventStreamingChatOptions Read(EventStreamingChatOptions? options)
    {
        options ??= new EventStreamingChatOptions();
        if (options.ContextLimit < 1)
        {
            throw new ArgumentException($"ContextLimit is {options.ContextLimit}; set it to 1 or more, or to null when it is not known.", nameof(options));
        }

        var copy = (EventStreamingChatOptions)options.MemberwiseClone();
        copy.JsonOptions = ChatJson.Compact(options.JsonOptions);
        return copy;
    }
}
