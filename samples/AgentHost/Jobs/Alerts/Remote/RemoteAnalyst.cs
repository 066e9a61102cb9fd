using System.Globalization;
using System.Text.Json;
using AgentHost.Diagnostics;
using AgentHost.Options;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts.Remote;

/// <summary>An agent on another host. What it streams is a worker's run of the run that asks, event by event as it comes.</summary>
internal sealed class RemoteAnalyst(string type, Uri host, AgentClient client, IEventBus bus, AgentHostOptions options, ILogger logger) : IAnalyst
{
    public string Name => AlertType.AgentOf(type);

    public async Task<Finding> AnalyzeAsync(AlertTask task, CancellationToken cancellationToken)
    {
        var message = AnalysisMessage.Write(type, task.Run.Topic, task.Alert, await task.ReadTrades(cancellationToken));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.AgentPatience);
        var mapper = new A2AEventMapper(new EventMapperOptions
        {
            Source = StreamEvent.WorkerPrefix + task.Worker,
            ParentRunId = task.Run.RunId,
            Kind = Name,
        });
        EventImport? import = null;
        try
        {
            using var response = await client.StreamAsync(host, message, patience.Token);

            // An event counts for no more than this host's bus takes; whole answers are bounded by what the mapper keeps.
            import = await bus.ImportAsync(task.Run.Topic, mapper, response.Content, new EventImportOptions { ReadTimeout = options.AgentSilence }, patience.Token);
            return Read(import, mapper, task.Run.Topic);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentRunException("agent_timeout", string.Create(CultureInfo.InvariantCulture, $"{host} was not done within {options.AgentPatience.TotalSeconds:0} s"));
        }
        finally
        {
            if (import is null or { Outcome: EventImportOutcome.Waiting or EventImportOutcome.CutOff })
            {
                await CancelAsync(mapper.RemoteId);
            }
        }
    }

    /// <summary>Nobody waits for the agent any more, who does not know: to leave its stream stops nothing.</summary>
    private async Task CancelAsync(string? taskId)
    {
        if (taskId is null)
        {
            return;
        }

        try
        {
            await client.CancelAsync(host, taskId);
        }
        catch (AgentRunException exception)
        {
            Log.TaskNotCancelled(logger, taskId, host, exception.Message);
        }
    }

    private Finding Read(EventImport import, A2AEventMapper mapper, string topic)
    {
        var error = import.Outcome is EventImportOutcome.Waiting ? Withdraw(mapper, topic) : import.Error;
        if (error is not null)
        {
            throw new AgentRunException(error.Code, $"{host}: {error.Message}");
        }

        try
        {
            // A result that came as an artifact has its data in it.
            if (import is { Outcome: EventImportOutcome.Success, Result: { ValueKind: JsonValueKind.Object } result }
                && (result.TryGetProperty("data", out var data) ? data : result).Deserialize(JobJsonContext.Default.Finding) is { Verdict: not null, Summary: not null, Evidence: not null } finding)
            {
                return finding with { Evidence = [.. finding.Evidence.Take(Finding.MaxEvidence)] };
            }
        }
        catch (JsonException)
        {
            // As one that is not there.
        }

        throw new AgentRunException("agent_invalid", import.Outcome is EventImportOutcome.Cancelled ? $"{host}: the agent was cancelled there." : $"{host}: the agent ended without a finding.");
    }

    /// <summary>Nobody is there who could answer what an agent asks.</summary>
    private AgentError Withdraw(A2AEventMapper mapper, string topic)
    {
        var error = new AgentError("input_unsupported", "The agent asks for something; an agent of alerts is sent all there is.");
        var drafts = new List<EventDraft>();
        mapper.Fail(error, drafts);
        drafts.ForEach(draft => bus.Publish(topic, draft));
        return error;
    }
}
