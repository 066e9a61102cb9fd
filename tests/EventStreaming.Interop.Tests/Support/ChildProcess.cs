using System.Diagnostics;
using System.Text;
using EventStreaming.Tests.Support;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>A program that a test has started, and ends.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _errors = new();
    private readonly char[] _buffer = new char[4_096];
    private readonly TaskCompletionSource _announced = Signals.Create();
    private readonly string? _announcement;

    private ChildProcess(ProcessStartInfo start, string? announcement)
    {
        _announcement = announcement;
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) => OnError(line.Data);
        _process.Start();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written to its error output.</summary>
    public string Errors
    {
        get
        {
            lock (_gate)
            {
                return _errors.ToString();
            }
        }
    }

    /// <param name="tool">The program's name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="announcement">What it writes to its error output when it is ready; null if nobody waits for that.</param>
    public static ChildProcess Start(string tool, IEnumerable<string> arguments, string? announcement = null) => new(
        new ProcessStartInfo(Tool.Find(tool), arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        },
        announcement);

    /// <summary>Waits until it has said that it is ready.</summary>
    public Task ReadyAsync() => _announced.Task.WithinSafetyAsync();

    /// <summary>Reads what it writes until some text has come.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await _process.StandardOutput.ReadAsync(_buffer.AsMemory()).AsTask().WithinSafetyAsync();
            if (count == 0)
            {
                throw new EndOfStreamException($"{_process.StartInfo.FileName} has ended before '{text}' came: {read}{Errors}");
            }

            read.Append(_buffer, 0, count);
        }

        return read.ToString();
    }

    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WithinSafetyAsync()
        ?? throw new EndOfStreamException($"{_process.StartInfo.FileName} has ended: {Errors}");

    /// <summary>Reads all that is left, and waits until it has ended by itself.</summary>
    /// <returns>What was left, and the exit code.</returns>
    public async Task<(string Output, int ExitCode)> ReadToEndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync().WithinSafetyAsync();
        await _process.WaitForExitAsync().WithinSafetyAsync();
        return (output, _process.ExitCode);
    }

    /// <summary>Kills it and what it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WithinSafetyAsync();
        _process.Dispose();
    }

    private void OnError(string? line)
    {
        lock (_gate)
        {
            _errors.AppendLine(line);
        }

        if (line is null)
        {
            _announced.TrySetException(new EndOfStreamException($"{_process.StartInfo.FileName} has ended: {Errors}"));
        }
        else if (_announcement is not null && line.Contains(_announcement, StringComparison.Ordinal))
        {
            _announced.TrySetResult();
        }
    }
}
