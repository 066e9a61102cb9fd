namespace AgentHost.Sessions;

/// <summary>What became of an answer.</summary>
internal enum InputAnswer
{
    Accepted,

    /// <summary>The question was never asked, or longer ago than the session's history goes back.</summary>
    NoSuchInput,

    /// <summary>It was answered before, or withdrawn.</summary>
    AlreadyAnswered,
}
