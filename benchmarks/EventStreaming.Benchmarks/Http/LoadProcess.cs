using System.Diagnostics;

namespace EventStreaming.Benchmarks.Http;

/// <summary>This program again, as the server or the clients: a line in, a line out.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private readonly Process _process;

    public LoadProcess(string command)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet")
        {
            start.ArgumentList.Add(typeof(LoadProcess).Assembly.Location);
        }

        start.ArgumentList.Add(command);
        _process = Process.Start(start)!; // Without the shell there is one.
    }

    public async Task<string> AskAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        return await ReadAsync();
    }

    public async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A process of the load has ended: see its error output.");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
