namespace EventStreaming.Agents.Protocols;

/// <summary>The states of a task, as A2A 1.0 names them (<c>TaskState</c>).</summary>
internal static class A2AStates
{
    public static ReadOnlySpan<byte> Submitted => "TASK_STATE_SUBMITTED"u8;

    public static ReadOnlySpan<byte> Working => "TASK_STATE_WORKING"u8;

    public static ReadOnlySpan<byte> InputRequired => "TASK_STATE_INPUT_REQUIRED"u8;

    public static ReadOnlySpan<byte> AuthRequired => "TASK_STATE_AUTH_REQUIRED"u8;

    public static ReadOnlySpan<byte> Completed => "TASK_STATE_COMPLETED"u8;

    public static ReadOnlySpan<byte> Canceled => "TASK_STATE_CANCELED"u8;

    public static ReadOnlySpan<byte> Failed => "TASK_STATE_FAILED"u8;
}
