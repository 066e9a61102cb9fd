namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>A message of the conversation as a snapshot tells it.</summary>
/// <param name="Id">Its id on the wire.</param>
/// <param name="Role">Who speaks; null when it is a thought, or a tool's result.</param>
/// <param name="Text">Its text; null when it only calls a tool.</param>
/// <param name="Tag">The subagent whose it is; null for the run itself.</param>
/// <param name="Call">The tool call it makes, or null.</param>
/// <param name="Result">The tool call whose result it is, or null.</param>
internal readonly record struct AgUiMessage(
    string Id, string? Role, string? Text, string? Tag, ToolCallStarted? Call = null, ToolCallCompleted? Result = null)
{
    /// <summary>A tool call that has ended, as a client has it that saw it live: the message that makes it and the tool's.</summary>
    public static IEnumerable<AgUiMessage> Of(ToolCallSnapshot call, string? tag)
    {
        var result = ToolCallEnd.Of(call);
        yield return new AgUiMessage(call.Start.Id.ToString(), "assistant", Text: null, tag, call.Start);
        yield return new AgUiMessage(AgUiFrames.ResultId(call.Start.Id), Role: null, AgUiFrames.ContentOf(result), tag, Call: null, result);
    }
}
