using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Knowledge;

internal sealed class AgentRetrievalTests
{
    [Test]
    public async Task What_is_looked_for_and_what_is_found_belong_together()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        var retrieval = run.StartRetrieval(["docs", "wiki"], "hybrid", "cursors", "step-1");
        retrieval.Complete(2, 0.8, 300, [new KnowledgeSource("d-1", "Cursors")]);

        var (start, end) = (recorder.Single<KnowledgeRetrievalStarted>(), recorder.Single<KnowledgeRetrieved>());
        Assert.That((start.Id, string.Join(' ', start.Repositories), start.SearchType, start.Query, start.StepId), Is.EqualTo((retrieval.Id, "docs wiki", "hybrid", "cursors", "step-1")));
        Assert.That((end.Id, end.Documents, end.Relevance, end.Tokens, end.Sources!.Single().Id, end.StepId), Is.EqualTo((retrieval.Id, 2, 0.8, 300L, "d-1", "step-1")));
    }

    [Test]
    public async Task A_search_that_fails_found_nothing_and_the_run_goes_on()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chat");

        run.StartRetrieval(["docs"]).Fail("offline", "The index is offline.");
        run.StartRetrieval(["docs"]).Dispose();

        Assert.That(recorder.Story, Is.EqualTo("run.start knowledge.retrieval_start error knowledge.retrieved knowledge.retrieval_start knowledge.retrieved"));
        Assert.That(recorder.All<KnowledgeRetrieved>().Select(static end => end.Documents), Is.All.Zero);
        Assert.That(recorder.Single<AgentError>().Recoverable, Is.True);
    }
}
