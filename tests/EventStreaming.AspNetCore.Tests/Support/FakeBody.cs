using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A response's body that keeps what is written, and whose flushes do what a test wants; it allocates nothing by itself.</summary>
internal sealed class FakeBody : PipeWriter, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
{
    private readonly byte[] _memory = new byte[64 * 1024];
    private readonly List<int> _flushes = [];
    private int _unflushed;

    public Func<CancellationToken, ValueTask<FlushResult>>? OnFlush { get; set; }

    /// <summary>Whether what is written is kept.</summary>
    public bool Keeps { get; init; } = true;

    public MemoryStream Written { get; } = new();

    public string Text => Encoding.UTF8.GetString(Written.ToArray());

    /// <summary>How many bytes each flush had.</summary>
    public IReadOnlyList<int> Flushes => _flushes;

    public bool IsAborted { get; private set; }

    public Action? OnAbort { get; set; }

    public Stream Stream => Written;

    public PipeWriter Writer => this;

    public CancellationToken RequestAborted { get; set; }

    public HttpContext CreateContext()
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(this);
        context.Features.Set<IHttpRequestLifetimeFeature>(this);
        return context;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory;

    public override Span<byte> GetSpan(int sizeHint = 0) => _memory;

    public override void Advance(int bytes)
    {
        _unflushed += bytes;
        if (Keeps)
        {
            Written.Write(_memory, 0, bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (Keeps)
        {
            _flushes.Add(_unflushed);
        }

        _unflushed = 0;
        return OnFlush?.Invoke(cancellationToken) ?? default;
    }

    public override void CancelPendingFlush()
    {
        // Nobody does.
    }

    public override void Complete(Exception? exception = null)
    {
        // The server's to do.
    }

    public void Abort()
    {
        IsAborted = true;
        OnAbort?.Invoke();
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
        // It has none.
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
}
