using System.Text.Json;
using AgentHost.Endpoints;
using AgentHost.Runs;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Microsoft.Extensions.DependencyInjection;

namespace AgentHost.Tests.Relay;

/// <summary>A kind whose runs say a word and are then at work until they are cancelled.</summary>
internal sealed class HeldKind(IRunKind kind) : IRunKind
{
    public const string Word = "At work";

    private readonly TaskCompletionSource<string> _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => kind.Name;

    /// <summary>The run that was cancelled.</summary>
    public Task<string> Cancelled => _cancelled.Task;

    /// <summary>Takes the place of a host's own kind.</summary>
    public static HeldKind Replace(IServiceCollection services, string name)
    {
        var own = services.Single(service => service.ImplementationInstance is IRunKind kind && string.Equals(kind.Name, name, StringComparison.Ordinal));
        var held = new HeldKind((IRunKind)own.ImplementationInstance!);
        services.Remove(own);
        services.AddSingleton<IRunKind>(held);
        return held;
    }

    public Refusal? TryPlan(Session session, JsonElement request, out RunPlan? plan)
    {
        var refusal = kind.TryPlan(session, request, out plan);
        plan = plan is null ? null : plan with { Work = WorkAsync };
        return refusal;
    }

    private async Task WorkAsync(AgentRun run, CancellationToken cancellationToken)
    {
        run.Status(Word);
        await using var registration = cancellationToken.Register(() => _cancelled.TrySetResult(run.RunId));
        await Cancelled;
        cancellationToken.ThrowIfCancellationRequested();
    }
}
