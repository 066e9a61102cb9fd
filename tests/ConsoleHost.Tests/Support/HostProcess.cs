using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ConsoleHost.Tests.Support;

/// <summary>The built program, as a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>Only so that a program that hangs fails its test instead of hanging it, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly List<string> _output = [];

    private HostProcess(Process process) => _process = process;

    /// <summary>Runs it to its end.</summary>
    public static async Task<HostResult> RunAsync(params string[] args)
    {
        using var host = Start(args);
        return await host.WaitForExitAsync();
    }

    public static HostProcess Start(params string[] args)
    {
        // A shell's background job ignores Ctrl-C, and so do all that it starts; the program shall be tested as if it were in front.
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal=INT", "dotnet"])
            : new ProcessStartInfo("dotnet");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ConsoleHost.dll"));
        foreach (var argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new HostProcess(Process.Start(start)!); // Null only for a process that is reused.
    }

    /// <summary>Reads the output up to the first line that has a text.</summary>
    public async Task WaitForLineAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            _output.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"The program ended without '{text}'.");
    }

    /// <summary>Does what Ctrl-C does.</summary>
    public void Interrupt() => Signal(2);

    /// <summary>Does what a service manager does.</summary>
    public void Terminate() => Signal(15);

    public async Task<HostResult> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var errors = _process.StandardError.ReadToEndAsync(deadline.Token);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            _output.Add(line);
        }

        await _process.WaitForExitAsync(deadline.Token);
        return new HostResult(_process.ExitCode, _output, await errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private void Signal(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Process {_process.Id} could not be signalled."));
        }
    }
}
