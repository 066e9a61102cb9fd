using EventStreaming.Agents;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>By a run's message, which keeps its text together and its run in order.</summary>
internal sealed class EmittedDeltas : DeltaLoop
{
    private readonly AgentRun _run;
    private AgentMessage _message;

    public EmittedDeltas()
    {
        _run = Bus.StartRun(Topic, "benchmark");
        _message = Begin();
    }

    public override async ValueTask DisposeAsync()
    {
        _run.Complete();
        await _run.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Say(string piece) => _message.Append(piece);

    /// <summary>A message is a batch: its beginning and its end are nobody's delta.</summary>
    protected override void AfterBatch()
    {
        _message.Complete();
        _message = Begin();
    }

    private AgentMessage Begin()
    {
        var message = _run.StartMessage();
        message.Append("So");
        Skip();
        return message;
    }
}
