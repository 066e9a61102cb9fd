using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Writes into an HTTP response, and gives up in order: what is common to all that is streamed in one.</summary>
/// <remarks>
/// It is the pump's, which makes one call at a time, except that it closes a sink whose write has not returned. Then, or when a write has
/// failed, the connection is aborted: nothing could be written in order any more, and a write to a stalled client would never return.
/// </remarks>
/// <param name="context">The request.</param>
internal abstract class ResponseSink(HttpContext context) : IEventSink
{
    /// <summary>What is copied before the pipe is asked whether it can take more: large batches would otherwise lie in it in full.</summary>
    protected const int FlushAt = 32 * 1024;

    private const int Idle = 0;
    private const int Writing = 1;
    private const int GivenUp = 2;

    private TaskCompletionSource? _returned;
    private int _state = Idle;
    private bool _hasFailed;

    protected PipeWriter Output { get; } = context.Response.BodyWriter;

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            await WriteBatchAsync(batch, cancellationToken).ConfigureAwait(false);
            Exit(isDone: true);
        }
        catch
        {
            Exit(isDone: false);
            throw;
        }
    }

    public async ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            WriteKeepAlive(cursor);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
            Exit(isDone: true);
        }
        catch
        {
            Exit(isDone: false);
            throw;
        }
    }

    /// <summary>Ends the stream in order where it can, as a client takes every end for a break and reconnects.</summary>
    public async ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken)
    {
        if (IsBroken(out var returned))
        {
            context.Abort();

            // The response is the server's again when the request's handler returns: no write may be under way then.
            await returned.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await CloseInOrderAsync(reason, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Or the server would end in order what has no end.
            context.Abort();
            throw;
        }
    }

    protected abstract ValueTask WriteBatchAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken);

    protected abstract void WriteKeepAlive(EventCursor? cursor);

    /// <summary>Nothing is under way, and nothing has failed.</summary>
    protected abstract ValueTask CloseInOrderAsync(EndReason reason, CancellationToken cancellationToken);

    protected async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var result = await Output.FlushAsync(cancellationToken).ConfigureAwait(false);

        // The server swallows writes to a connection that is gone, and a cancelled one it aborts without throwing.
        cancellationToken.ThrowIfCancellationRequested();
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new IOException("The client is gone.");
        }
    }

    private void Enter() => Volatile.Write(ref _state, Writing);

    private void Exit(bool isDone)
    {
        _hasFailed |= !isDone;
        if (Interlocked.Exchange(ref _state, Idle) == GivenUp)
        {
            _returned!.TrySetResult(); // There is one when it is given up.
        }
    }

    /// <summary>Whether a write has failed or is under way, which at a close is one that was given up.</summary>
    private bool IsBroken(out Task returned)
    {
        _returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _state, GivenUp, Writing) == Writing)
        {
            returned = _returned.Task;
            return true;
        }

        returned = Task.CompletedTask;
        return _hasFailed;
    }
}
