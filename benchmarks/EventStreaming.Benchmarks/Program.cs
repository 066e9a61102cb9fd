using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using EventStreaming.Benchmarks.Figures;

if (args is ["figures", .. var rest])
{
    return await FigureRunner.RunAsync(prefix: rest.FirstOrDefault() ?? string.Empty);
}

BenchmarkSwitcher.FromAssembly(typeof(FigureRunner).Assembly)
    .Run(args, DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default));
return 0;
