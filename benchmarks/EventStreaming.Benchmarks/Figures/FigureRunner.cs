using System.Runtime;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Environments;
using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>Measures the figures the project promises, and prints a line for each.</summary>
internal static class FigureRunner
{
    private const int Short = 1;
    private const int Unusable = 2;

    private static readonly IFigureSource[] s_all =
    [
        new PublishFigures(readers: 1, atMost: 1.3),
        new PublishFigures(readers: 8, atMost: 0.9),
        new PublishFigures(readers: 64, atMost: 0.85),
        new PublishFigures(readers: 512, atMost: 0.85),
        new NoSubscriberFigures(),
        new AllocationFigures(),
        new StalledFigure("stalled.dropping", withCritical: false),
        new StalledFigure("stalled.lagging", withCritical: true),
        new ManyTopicsFigure(),
        new ReplayFigure(),
        new LatencyFigures(),
        new MemoryFigures(),
        new PeerFigures(),
        new SseFigures(),
        new IdleFigures(),
        new SocketFigures(),
        new DeltaFigures(),
        new ChatFigures(),
        new ParserFigures(),
    ];

    // Only when asked for by name: their readers stall for as long as a deadline takes, and all others shall be measured within five minutes.
    private static readonly IFigureSource[] s_byName =
    [
        new StalledReaderFigures("sse"),
        new StalledReaderFigures("ws"),
    ];

    /// <summary>Figures go to the standard output, everything else to the standard error.</summary>
    /// <param name="prefix">Only figures whose names start with it; empty for all.</param>
    /// <returns>The exit code: 0, 1 when a figure is short of its target, 2 when nothing can be measured.</returns>
    public static async Task<int> RunAsync(string prefix)
    {
#if DEBUG
        await Console.Error.WriteLineAsync("This is a Debug build, whose times say nothing: run with -c Release.");
        return Unusable;
#else
        var chosen = prefix.Length == 0 ? s_all : [.. s_all.Concat(s_byName).Where(source => IsEither(source.Name, prefix))];
        if (chosen.Length == 0)
        {
            await Console.Error.WriteLineAsync($"No figure starts with '{prefix}'. There are: {string.Join(", ", s_all.Concat(s_byName).Select(static source => source.Name))}.");
            return Unusable;
        }

        string[] machine =
        [
            .. HostEnvironmentInfo.GetCurrent().ToFormattedString(),
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC",
        ];
        foreach (var line in machine)
        {
            await Console.Error.WriteLineAsync("# " + line);
        }

        await WarmUpAsync();
        var anyShort = false;
        foreach (var source in chosen)
        {
            foreach (var figure in (await source.MeasureAsync()).Where(figure => figure.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                await Console.Out.WriteLineAsync(figure.ToLine());
                anyShort |= figure.IsShort;
            }
        }

        return anyShort ? Short : 0;
#endif
    }

    private static bool IsEither(string name, string prefix) =>
        name.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(name, StringComparison.Ordinal);

    /// <summary>
    /// Code is compiled for good by what runs first. So that it is the same whichever figures are asked for, that is a mix of few and many readers.
    /// </summary>
    private static async Task WarmUpAsync()
    {
        Contender[] mix = [new BusLoop(1), new BareLoop(1), new ReadyMadeLoop(1), new BusLoop(8), new BareLoop(8), new ReadyMadeLoop(8)];
        Contest.WarmUp(mix, TimeSpan.FromMilliseconds(400));
        foreach (var contender in mix)
        {
            await contender.DisposeAsync();
        }
    }
}
