using System.Reflection;
using EventStreaming;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var progress = new EventTypeDescriptor<Progress>("progress");
var done = new EventTypeDescriptor("done") { Critical = true, Terminal = true };

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddEventStreaming(options => options.History.Capacity = 64)
    .AddCatalog(new EventCatalog([progress, done]))
    .AddHandler<Progress, ProgressPrinter>();

using var host = builder.Build();
await host.StartAsync();
var bus = host.Services.GetRequiredService<IEventBus>();
await using var reader = bus.Subscribe("job-1", EventCursor.Start);

bus.Publish("job-1", progress, new Progress(50));
bus.Publish("job-1", progress, new Progress(100));
bus.Publish("job-1", "done", "all well");

await foreach (var item in reader)
{
    Console.WriteLine($"read {item.Sequence} {item.Type} {item.Data}");
}

await host.StopAsync();
Console.WriteLine($"ended {reader.EndReason}");
Console.WriteLine($"version {typeof(EventBus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}");

internal sealed record Progress(int Percent);

internal sealed class ProgressPrinter : IEventHandler<Progress>
{
    public ValueTask HandleAsync(Progress data, StreamEvent context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"handled {context.Sequence} {data.Percent} %");
        return ValueTask.CompletedTask;
    }
}
