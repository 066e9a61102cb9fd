namespace ConsoleHost.Tests.Support;

/// <summary>Keeps what is written, and tells when a text has been.</summary>
internal sealed class WatchedWriter : StringWriter
{
    private readonly Lock _gate = new();
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];

    public override void Write(string? value)
    {
        lock (_gate)
        {
            base.Write(value);
            var all = base.ToString();
            _awaited.RemoveAll(awaited => all.Contains(awaited.Text, StringComparison.Ordinal) && awaited.Written.TrySetResult());
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return base.ToString();
        }
    }

    public Task WaitForAsync(string text)
    {
        lock (_gate)
        {
            if (base.ToString().Contains(text, StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, written));
            return written.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
