using System.Text.Json;
using AgentHost.Sessions;

namespace AgentHost.Protocols.A2A;

/// <summary>What can be asked of A2A, however it is spoken.</summary>
internal sealed class A2ADoor(A2ABinding binding, A2ATasks tasks, Door door, CancellationToken cancellationToken)
{
    public async Task<IResult> SendAsync(JsonElement request)
    {
        if (TryEnter(request, out var message, out var session, out var abandon) is { } error)
        {
            return binding.Error(error);
        }

        var run = tasks.Take(session!, message!);
        if (run.Begin() is { } refusal)
        {
            abandon?.Invoke();
            return binding.Error(A2AError.Of(refusal));
        }

        var taskId = run.RunId!; // It has begun.
        var task = message!.ReturnsAtOnce ? await tasks.GetAsync(session!, taskId, cancellationToken) : await tasks.WaitAsync(session!, taskId, cancellationToken);
        return task is null ? binding.Error(A2AError.NoSuchTask) : binding.Result(task, "task");
    }

    public IResult Stream(JsonElement request) => TryEnter(request, out var message, out var session, out var abandon) is { } error
        ? binding.Error(error)
        : new DoorStream(binding.Protocol, session!, tasks.Take(session!, message!), refusal => binding.Error(A2AError.Of(refusal))) { Abandon = abandon };

    public IResult Subscribe(string? taskId) => tasks.Find(taskId, out var isEnded) is not { } session ? binding.Error(A2AError.NoSuchTask)
        : isEnded ? binding.Error(A2AError.Unsupported("The task has ended, and nothing more becomes of it. Get it."))
        : new DoorStream(binding.Protocol, session, DoorRun.Watched(taskId!), refusal => binding.Error(A2AError.Of(refusal)));

    public async Task<IResult> GetAsync(string? taskId) =>
        tasks.Find(taskId, out _) is { } session && await tasks.GetAsync(session, taskId!, cancellationToken) is { } task ? binding.Result(task) : binding.Error(A2AError.NoSuchTask);

    public async Task<IResult> CancelAsync(string? taskId) => tasks.Find(taskId, out _) is not { } session ? binding.Error(A2AError.NoSuchTask)
        : await tasks.CancelAsync(session, taskId!, cancellationToken) is { } task ? binding.Result(task)
        : binding.Error(A2AError.NotCancelable);

    private A2AError? TryEnter(JsonElement request, out A2AMessage? message, out Session? session, out Action? abandon)
    {
        (session, abandon) = (null, null);
        if (A2AMessage.TryRead(request, out message) is { } error)
        {
            return error;
        }

        if (message!.TaskId is null)
        {
            return door.TryEnter(message.ContextId, "message.contextId", out session, out abandon) is { } refusal ? A2AError.Of(refusal) : null;
        }

        session = tasks.Find(message.TaskId, out var isEnded);
        return session is null ? A2AError.NoSuchTask
            : isEnded ? A2AError.Unsupported("The task has ended, and takes no more messages. Begin another without 'taskId'.")
            : message.ContextId is { } contextId && !string.Equals(contextId, session.ThreadId, StringComparison.Ordinal) ? A2AError.Invalid("The task is of another context than 'message.contextId'.")
            : null;
    }
}
