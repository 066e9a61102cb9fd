namespace EventStreaming.Agents.Tests.Runs.Model;

/// <summary>What is done to a run or to something it has started.</summary>
internal enum RunAction
{
    StartStep,
    CompleteStep,
    FailStep,
    DisposeStep,
    StartTool,
    ToolProgress,
    AddSubStep,
    CompleteTool,
    FailTool,
    DisposeTool,
    StartMessage,
    Append,
    CompleteMessage,
    CompleteMessageWithMore,
    DisposeMessage,
    Think,
    StartRetrieval,
    CompleteRetrieval,
    FailRetrieval,
    DisposeRetrieval,
    Progress,
    Status,
    Warn,
    AddUsage,
    Publish,
    RequestInput,
    CancelInput,
    AnswerThroughRun,
    AnswerThroughBus,
    Pause,
    EndPause,
    StartWorker,
    Report,
    Advance,
    CancelToken,
    CompleteRun,
    CancelRun,
    FailRun,
    DisposeRun,
}

/// <param name="Action">What is done.</param>
/// <param name="Target">To which of those there are; counted round.</param>
/// <param name="Value">With which text, fraction or time.</param>
internal sealed record RunCommand(RunAction Action, int Target, int Value);

/// <param name="Commands">What is done, one after another, or dealt out to several threads.</param>
/// <param name="Throws">Whether the work ends with an exception.</param>
internal sealed record RunScenario(RunCommand[] Commands, bool Throws)
{
    public override string ToString() => $"{(Throws ? "throws after" : "returns after")} {string.Join("; ", Commands.Select(static command => $"{command.Action} {command.Target} {command.Value}"))}";
}
