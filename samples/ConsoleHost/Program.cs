using ConsoleHost;
using ConsoleHost.Options;
using ConsoleHost.Views;
using Spectre.Console;

var line = CommandLine.Parse(args, Directory.GetCurrentDirectory());
if (line.Error is { } error)
{
    await Console.Error.WriteLineAsync(error);
    return ExitCodes.BadArguments;
}

if (line.Options is not { } options)
{
    await Console.Out.WriteAsync(CommandLine.Usage);
    return ExitCodes.Success;
}

using var signals = new StopSignals();
var capabilities = AnsiConsole.Profile.Capabilities;
IView view = !Console.IsOutputRedirected && capabilities is { Interactive: true, Ansi: true }
    ? new LiveView(AnsiConsole.Console)
    : new PlainView(Console.Out);
return await new ConsoleRun(options, view, Console.Error).RunAsync(signals.Stop);
