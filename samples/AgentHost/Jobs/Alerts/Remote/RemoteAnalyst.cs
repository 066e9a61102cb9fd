using System.Globalization;
using System.Text.Json;
using AgentHost.Options;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts.Remote;

/// <summary>An agent on another host. What it streams is a worker's run of the run that asks, event by event as it comes.</summary>
internal sealed class RemoteAnalyst(string type, Uri host, AgentClient client, IEventBus bus, AgentHostOptions options) : IAnalyst
{
    public string Name => AlertType.AgentOf(type);

    public async Task<Finding> AnalyzeAsync(AlertTask task, CancellationToken cancellationToken)
    {
        var message = AnalysisMessage.Write(type, task.Run.Topic, task.Alert, await task.ReadTrades(cancellationToken));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.AgentPatience);
        try
        {
            using var response = await client.StreamAsync(host, message, patience.Token);
            return await ImportAsync(task, response.Content, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentRunException("agent_timeout", string.Create(CultureInfo.InvariantCulture, $"{host} was not done within {options.AgentPatience.TotalSeconds:0} s"));
        }
    }

    private async Task<Finding> ImportAsync(AlertTask task, HttpContent content, CancellationToken cancellationToken)
    {
        var mapper = new A2AEventMapper(new EventMapperOptions
        {
            Source = StreamEvent.WorkerPrefix + task.Worker,
            ParentRunId = task.Run.RunId,
            Kind = Name,
        });
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var end = bus.WaitForAsync(
            task.Run.Topic, item => item.IsTerminal && string.Equals(item.RunId, mapper.RunId, StringComparison.Ordinal), timeout: Timeout.InfiniteTimeSpan, cancellationToken: watching.Token);
        try
        {
            // An event counts for no more than this host's bus takes; whole answers are bounded by what the mapper keeps.
            var import = await bus.ImportAsync(task.Run.Topic, mapper, content, new EventImportOptions { ReadTimeout = options.AgentSilence }, cancellationToken);
            if (import.State is not EventMapperState.Ended)
            {
                Withdraw(mapper, task.Run.Topic);
            }

            return Read(await end);
        }
        finally
        {
            await watching.CancelAsync();
        }
    }

    /// <summary>Nobody is there who could answer what an agent asks.</summary>
    private void Withdraw(A2AEventMapper mapper, string topic)
    {
        var drafts = new List<EventDraft>();
        mapper.Fail(new AgentError("input_unsupported", "The agent asks for something; an agent of alerts is sent all there is."), drafts);
        drafts.ForEach(draft => bus.Publish(topic, draft));
    }

    private Finding Read(StreamEvent end)
    {
        if (end.Data is AgentError error)
        {
            throw new AgentRunException(error.Code, $"{host}: {error.Message}");
        }

        try
        {
            // A result that came as an artifact has its data in it.
            if (end.Data is RunCompleted { Outcome: RunOutcome.Success, Result: { ValueKind: JsonValueKind.Object } result }
                && (result.TryGetProperty("data", out var data) ? data : result).Deserialize(JobJsonContext.Default.Finding) is { Verdict: not null, Summary: not null, Evidence: not null } finding)
            {
                return finding with { Evidence = [.. finding.Evidence.Take(Finding.MaxEvidence)] };
            }
        }
        catch (JsonException)
        {
            // As one that is not there.
        }

        throw new AgentRunException("agent_invalid", end.Data is RunCompleted { Outcome: RunOutcome.Cancelled } ? $"{host}: the agent was cancelled there." : $"{host}: the agent ended without a finding.");
    }
}
