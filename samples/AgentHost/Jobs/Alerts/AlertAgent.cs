using System.Globalization;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Alerts;

/// <summary>A specialised agent: a graph of nodes that are gone through one after another, each told as a step of its run, with the tools that it calls.</summary>
internal abstract class AlertAgent(FileTools files)
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Analyses an alert.</summary>
    /// <param name="run">The agent's own run.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="trades">The file of its trades.</param>
    /// <param name="cancellationToken">Ends the analysis.</param>
    public async Task<Finding> AnalyzeAsync(AgentRun run, Alert alert, string trades, CancellationToken cancellationToken)
    {
        var loaded = await NodeAsync(run, "load_trades", () => LoadAsync(run, alert, trades, cancellationToken));
        var finding = await NodeAsync(run, "analyze", () => Task.FromResult(Analyze(run, alert, loaded, cancellationToken)));
        await NodeAsync(run, "report", () =>
        {
            run.Report($"{finding.Verdict}: {finding.Summary}");
            return Task.FromResult(true);
        });
        return finding;
    }

    /// <summary>What the agent is for.</summary>
    protected abstract Finding Analyze(AgentRun run, Alert alert, IReadOnlyList<Trade> trades, CancellationToken cancellationToken);

    /// <summary>Goes round a node once for each of several.</summary>
    protected static IEnumerable<TResult> Loop<T, TResult>(AgentRun run, string node, IReadOnlyList<T> items, Func<T, TResult> work, CancellationToken cancellationToken)
    {
        run.Publish(AgentEvents.LoopStarted, new LoopStarted(node, items.Count));
        for (var i = 0; i < items.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Publish(AgentEvents.LoopIteration, new LoopIteration(node, i + 1));
            yield return work(items[i]);
            run.Progress((i + 1.0) / items.Count, node, message: null, i + 1, items.Count);
        }

        run.Publish(AgentEvents.LoopCompleted, new LoopCompleted(node, items.Count));
    }

    private static async Task<T> NodeAsync<T>(AgentRun run, string node, Func<Task<T>> work)
    {
        using var step = run.StartStep(node, new AgentStepOptions { StepId = node, HasTools = node is not "report", Total = 3 });
        var result = await work();
        step.Complete();
        return result;
    }

    private async Task<IReadOnlyList<Trade>> LoadAsync(AgentRun run, Alert alert, string trades, CancellationToken cancellationToken)
    {
        using var call = run.StartTool("read_trades", options: new AgentToolOptions { Agent = Name, Query = trades });
        try
        {
            var all = await TradeFile.ReadAsync(files, trades, cancellationToken);
            call.Complete(string.Create(CultureInfo.InvariantCulture, $"{all.Count:N0} trades"));
            return all;
        }
        catch (AlertException exception)
        {
            call.Fail(exception.Message);
            throw;
        }
    }
}
