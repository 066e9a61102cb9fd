namespace AgentHost.Protocols;

/// <summary>What came through doors into a session, so that a message that is sent again neither starts its run again nor is told again. Thread-safe.</summary>
internal sealed class DoorTurn
{
    /// <summary>The most messages that are remembered.</summary>
    private const int MaxMessages = 1_000;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private string? _messageId;
    private string? _runId;

    /// <summary>Remembers which message has started the newest run.</summary>
    public void Set(string? messageId, string runId)
    {
        lock (_gate)
        {
            (_messageId, _runId) = (messageId, runId);
        }
    }

    /// <summary>The run that a message has started; null when it has not, or another has since.</summary>
    public string? Find(string? messageId)
    {
        lock (_gate)
        {
            return messageId is not null && string.Equals(messageId, _messageId, StringComparison.Ordinal) ? _runId : null;
        }
    }

    /// <returns>False when the message was told before.</returns>
    public bool TryTell(string? messageId)
    {
        lock (_gate)
        {
            if (_told.Count == MaxMessages)
            {
                _told.Clear();
            }

            return messageId is null || _told.Add(messageId);
        }
    }
}
