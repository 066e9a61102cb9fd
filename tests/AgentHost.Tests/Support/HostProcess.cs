using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace AgentHost.Tests.Support;

/// <summary>The built program, as a process of its own.</summary>
internal sealed class HostProcess : IDisposable
{
    /// <summary>Only so that a program that hangs fails its test instead of hanging it, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public List<string> Output { get; } = [];

    public static HostProcess Start(params string[] args) =>
        Start(workingDirectory: "", [Path.Combine(AppContext.BaseDirectory, "AgentHost.dll"), .. args]);

    /// <summary>Where the program's sources lie. The build says so: a path that the compiler writes is not one of this machine in a build that is to be repeatable.</summary>
    internal static string ProjectDirectory { get; } = typeof(HostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => string.Equals(attribute.Key, "Project", StringComparison.Ordinal)).Value!;

    /// <summary>Starts it as the README does: <c>dotnet run</c>, called in a directory.</summary>
    public static HostProcess Run(string directory, params string[] args)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name; // bin/Release/net10.0
        return Start(directory, ["run", "--no-build", "-c", configuration, "--project", ProjectDirectory, "--", .. args]);
    }

    private static HostProcess Start(string workingDirectory, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", args)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        return new HostProcess(Process.Start(start)!); // Null only for a process that is reused.
    }

    /// <summary>Reads the output up to the line that says where it listens.</summary>
    public async Task<Uri> WaitForAddressAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            Output.Add(line);
            var match = Regex.Match(line, "Now listening on: (?<url>http://[0-9.:]+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
            if (match.Success)
            {
                return new Uri(match.Groups["url"].Value);
            }
        }

        var errors = await _process.StandardError.ReadToEndAsync(deadline.Token);
        throw new InvalidOperationException($"The program ended before it listened: {string.Join('\n', Output)}\n{errors}");
    }

    /// <summary>Does what a service manager does.</summary>
    public void Terminate()
    {
        if (Kill(_process.Id, 15) != 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Process {_process.Id} could not be signalled."));
        }
    }

    /// <summary>Ends it as when its machine fails.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public async Task<(int ExitCode, string Errors)> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var errors = _process.StandardError.ReadToEndAsync(deadline.Token);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            Output.Add(line);
        }

        await _process.WaitForExitAsync(deadline.Token);
        return (_process.ExitCode, await errors);
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
}
