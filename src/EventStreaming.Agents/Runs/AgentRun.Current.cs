namespace EventStreaming.Agents;

public sealed partial class AgentRun
{
    private static readonly AsyncLocal<AgentRun?> s_current = new();

    /// <summary>
    /// The innermost run of this flow of control that has not ended; null when there is none. So code deep inside reports without being given the run:
    /// <c>AgentRun.Current?.Progress(0.4, "reading")</c>.
    /// </summary>
    /// <remarks>
    /// A run is its starter's current one from <see cref="AgentRunExtensions.StartRun"/> on, and flows with <c>await</c>, tasks and threads begun from there. A worker's is
    /// not, as several are started side by side: it is current inside <see cref="RunWorkerAsync(string, string, Func{AgentRun, CancellationToken, Task}, AgentRunOptions?)"/> and <see cref="MakeCurrent"/>. As with every <see cref="AsyncLocal{T}"/>,
    /// what an <c>async</c> method makes current is so for what it calls, not for its caller.
    /// </remarks>
    public static AgentRun? Current
    {
        get
        {
            var run = s_current.Value;
            while (run is { IsEnded: true })
            {
                run = run._outer;
            }

            return run;
        }
    }

    /// <summary>Makes this the current run of this flow of control until what is returned is disposed.</summary>
    public IDisposable MakeCurrent()
    {
        var scope = new CurrentScope(s_current.Value);
        s_current.Value = this;
        return scope;
    }

    internal void EnterCurrent() => s_current.Value = this;

    private void LeaveCurrent()
    {
        if (ReferenceEquals(s_current.Value, this))
        {
            s_current.Value = _outer;
        }
    }

    private sealed class CurrentScope(AgentRun? before) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                s_current.Value = before;
            }
        }
    }
}
