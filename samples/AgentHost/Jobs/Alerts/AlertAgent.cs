using System.Globalization;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>A specialised agent: a graph of nodes that are gone through one after another, each told as a step of its run, with the tools that it calls.</summary>
/// <param name="readTrades">Reads the alert's trades.</param>
internal abstract class AlertAgent(Func<CancellationToken, Task<IReadOnlyList<Trade>>> readTrades)
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Makes the agent for a type of alerts.</summary>
    public static AlertAgent Create(string type, Func<CancellationToken, Task<IReadOnlyList<Trade>>> readTrades) =>
        type is AlertType.WashTrade ? new WashTradeAgent(readTrades) : new InsiderTradingAgent(readTrades);

    /// <summary>Analyses an alert.</summary>
    /// <param name="run">The agent's own run.</param>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Ends the analysis.</param>
    public async Task<Finding> AnalyzeAsync(AgentRun run, Alert alert, CancellationToken cancellationToken)
    {
        var loaded = await NodeAsync(run, "load_trades", () => LoadAsync(run, alert, cancellationToken));
        var finding = await NodeAsync(run, "analyze", () => Task.FromResult(Analyze(run, alert, loaded, cancellationToken)));
        await NodeAsync(run, "report", () =>
        {
            Tell(run, $"{finding.Verdict}: {finding.Summary}");
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

    /// <summary>To the run that asked, if it is in this host.</summary>
    private static void Tell(AgentRun run, string report)
    {
        if (run.Parent is null)
        {
            run.Status(report);
        }
        else
        {
            run.Report(report);
        }
    }

    private static async Task<T> NodeAsync<T>(AgentRun run, string node, Func<Task<T>> work)
    {
        using var step = run.StartStep(node, new AgentStepOptions { StepId = node, HasTools = node is not "report", Total = 3 });
        var result = await work();
        step.Complete();
        return result;
    }

    private async Task<IReadOnlyList<Trade>> LoadAsync(AgentRun run, Alert alert, CancellationToken cancellationToken)
    {
        using var call = run.StartTool("read_trades", options: new AgentToolOptions { Agent = Name, Query = alert.Trades });
        try
        {
            var all = await readTrades(cancellationToken);
            call.Complete(string.Create(CultureInfo.InvariantCulture, $"{all.Count:N0} trades"));
            return all;
        }
        catch (AgentRunException exception)
        {
            call.Fail(exception.Message);
            throw;
        }
    }
}
