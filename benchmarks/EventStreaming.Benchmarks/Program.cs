using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using EventStreaming.Benchmarks.Figures;
using EventStreaming.Benchmarks.Http;

// The other ends of the load over HTTP are processes of their own, so that what the server's costs is the server's alone.
switch (args)
{
    case [LoadServer.Command]:
        await LoadServer.RunAsync();
        return 0;
    case [LoadClients.Command]:
        await LoadClients.RunAsync();
        return 0;
    case [StalledServer.Command]:
        await StalledServer.RunAsync();
        return 0;
    case [StalledClients.Command]:
        await StalledClients.RunAsync();
        return 0;
    case ["sse" or "ws"]:
        return await FigureRunner.RunAsync(prefix: args[0]);
}

if (args is ["figures", .. var rest])
{
    return await FigureRunner.RunAsync(prefix: rest.FirstOrDefault() ?? string.Empty);
}

BenchmarkSwitcher.FromAssembly(typeof(FigureRunner).Assembly)
    .Run(args, DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default));
return 0;
