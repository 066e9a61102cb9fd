using System.Text;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>Looks whether what was published is well-formed runs, and says what is not.</summary>
internal static class RunAudit
{
    /// <param name="events">All that was published in a topic; every run in it has ended.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public static IReadOnlyList<string> Check(IReadOnlyList<StreamEvent> events)
    {
        var faults = new List<string>();
        var runs = events.Where(static item => item.RunId is not null).GroupBy(static item => item.RunId!, StringComparer.Ordinal).ToDictionary(static run => run.Key, static run => run.ToArray(), StringComparer.Ordinal);
        foreach (var (id, run) in runs)
        {
            foreach (var fault in CheckRun(run).Concat(CheckParent(run, runs)))
            {
                faults.Add($"run {id}: {fault}");
            }
        }

        faults.AddRange(CheckQuestions(events));
        return faults;
    }

    /// <summary>Anyone may answer, so a run's question may end with an event that is not the run's; the run itself ends it once at most.</summary>
    private static IEnumerable<string> CheckQuestions(IReadOnlyList<StreamEvent> events)
    {
        foreach (var asked in events.Where(static item => item.Data is InputRequested))
        {
            var id = ((InputRequested)asked.Data!).Id;
            var ends = events.Where(item => item.Data is InputReceived received && string.Equals(received.Id, id, StringComparison.Ordinal)).ToArray();
            if (ends.Length == 0 || ends[0].Sequence < asked.Sequence || ends.Count(static item => item.RunId is not null) > 1)
            {
                yield return $"question {id} is ended {ends.Length} times";
            }
        }
    }

    private static IEnumerable<string> CheckRun(StreamEvent[] run)
    {
        if (run[0].Data is not RunStarted || run.Count(static item => item.Data is RunStarted) != 1)
        {
            yield return "does not begin with its only run.start";
        }

        if (!run[^1].IsTerminal || run.Count(static item => item.IsTerminal) != 1)
        {
            yield return $"does not end with its only terminal event, but with {run[^1].Type}";
        }

        if (run.Any(item => !string.Equals(item.Source, run[0].Source, StringComparison.Ordinal)))
        {
            yield return "has several sources";
        }

        var own = run.Select(static item => item.Data).OfType<Progress>().Select(static progress => (Of: Guid.Empty, Fraction: (double?)progress.Fraction));
        var calls = run.Select(static item => item.Data).OfType<ToolCallProgress>().Select(static progress => (Of: progress.Id, progress.Fraction));
        foreach (var told in own.Concat(calls).GroupBy(static progress => progress.Of, static progress => progress.Fraction ?? 0))
        {
            if (!told.SequenceEqual(told.Order()) || told.Any(static fraction => fraction is < 0 or > 1))
            {
                yield return $"goes backwards: {string.Join(' ', told)}";
            }
        }

        if (run.Where(static item => item.Data is RunPaused or RunResumed).Where(static (item, i) => item.Data is RunPaused != (i % 2 == 0)).Any())
        {
            yield return "is not paused and resumed by turns";
        }

        var pairs = Pairs(run, "step", static data => (data as StepStarted)?.StepId, static data => (data as StepCompleted)?.StepId, static _ => null)
            .Concat(Pairs(run, "tool call", static data => (data as ToolCallStarted)?.Id, static data => (data as ToolCallCompleted)?.Id, static data => (data as ToolCallProgress)?.Id))
            .Concat(Pairs(run, "retrieval", static data => (data as KnowledgeRetrievalStarted)?.Id, static data => (data as KnowledgeRetrieved)?.Id, static _ => null))
            .Concat(Pairs(run, "message", static data => (data as MessageStarted)?.Id, static data => (data as MessageCompleted)?.Id, static data => (data as MessageDelta)?.Id));
        foreach (var fault in pairs.Concat(CheckTexts(run)))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Pairs(
        StreamEvent[] run, string what, Func<object?, object?> start, Func<object?, object?> end, Func<object?, object?> between)
    {
        var open = new HashSet<object>();
        var seen = new HashSet<object>();
        foreach (var item in run)
        {
            if (start(item.Data) is { } started && !(open.Add(started) && seen.Add(started)))
            {
                yield return $"{what} {started} begins twice";
            }

            if (between(item.Data) is { } at && !open.Contains(at))
            {
                yield return $"{what} {at} goes on without being open";
            }

            if (end(item.Data) is { } ended && !open.Remove(ended))
            {
                yield return $"{what} {ended} ends without being open";
            }
        }

        foreach (var left in open)
        {
            yield return $"{what} {left} never ends";
        }
    }

    private static IEnumerable<string> CheckTexts(StreamEvent[] run)
    {
        var said = new Dictionary<string, StringBuilder>(StringComparer.Ordinal);
        foreach (var data in run.Select(static item => item.Data))
        {
            switch (data)
            {
                case MessageDelta { Text: "" }:
                    yield return "has an empty delta";
                    break;
                case MessageDelta delta:
                    (said.TryGetValue(delta.Id, out var text) ? text : said[delta.Id] = new StringBuilder()).Append(delta.Text);
                    break;
                case MessageCompleted complete when !string.Equals(complete.Text, said.GetValueOrDefault(complete.Id)?.ToString(), StringComparison.Ordinal):
                    yield return $"message {complete.Id} is complete with '{complete.Text}', but '{said.GetValueOrDefault(complete.Id)}' was said";
                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<string> CheckParent(StreamEvent[] run, Dictionary<string, StreamEvent[]> runs)
    {
        if (run[0].Data is RunStarted { ParentRunId: { } parent }
            && !(runs.TryGetValue(parent, out var outer) && outer[0].Sequence < run[0].Sequence && run[^1].Sequence < outer[^1].Sequence))
        {
            yield return $"is not inside its parent {parent}";
        }
    }
}
