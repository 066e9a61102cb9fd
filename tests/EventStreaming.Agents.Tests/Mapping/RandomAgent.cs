using System.Text.Json;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>An agent that does anything that a run may do, in any order that <see cref="AgentRun"/> allows.</summary>
/// <param name="run">Its run.</param>
/// <param name="seed">What tells one from another.</param>
/// <param name="hasWorkers">Whether it has others work for it.</param>
/// <param name="questions">The ids of what was asked.</param>
/// <param name="done">Called after each thing that it does.</param>
internal sealed class RandomAgent(AgentRun run, int seed, bool hasWorkers, Func<IEnumerable<string>> questions, Action done)
{
    private readonly Random _random = new(seed);
    private readonly List<AgentToolCall> _tools = [];
    private readonly List<AgentMessage> _messages = [];
    private readonly List<AgentStep> _steps = [];
    private readonly List<AgentRun> _workers = [];
    private int _count;

    public async Task WorkAsync()
    {
        for (var left = _random.Next(30); left > 0; left--)
        {
            Act();
            done();
        }

        if (_random.Next(3) == 0)
        {
            await AskAsync();
            for (var left = _random.Next(15); left > 0; left--)
            {
                Act();
                done();
            }
        }

        End();
        done();
    }

    private string Text() => Pick("a", "Grüße,\n", "\"{}\" ", "\U0001F600", " ", "{\"a\":1}");

    private JsonElement Json() => JsonElement.Parse(Pick("{\"a\":[1,null]}", "[]", "\"text\"", "{}", "\"{\\\"a\\\":1\""));

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];

    private T? Take<T>(List<T> open)
        where T : class
    {
        if (open.Count == 0)
        {
            return null;
        }

        var taken = open[_random.Next(open.Count)];
        open.Remove(taken);
        return taken;
    }

    private void Act()
    {
        var kind = _random.Next(hasWorkers ? 22 : 18);
        switch (kind)
        {
            case 0 or 1:
                var options = new AgentToolOptions { Query = Pick(null, "why"), Reasoning = Pick(null, "so"), Agent = Pick(null, "Graph") };
                _tools.Add(run.StartTool("search", Pick<JsonElement?>(JsonElement.Parse("{\"q\":\"x\"}"), JsonElement.Parse("{}")), options));
                break;
            case 2:
                _tools.LastOrDefault()?.Progress("Half", 0.5);
                break;
            case 3:
                Take(_tools)?.Complete(Pick(null, "2 hits"), Pick<JsonElement?>(null, Json()));
                break;
            case 4:
                Take(_tools)?.Fail("Timed out", Pick(null, "0 hits"));
                break;
            case 5:
                if (_tools.Count > 0)
                {
                    _tools[0].MarkAction("dispatch");
                    _tools[0].AddSubStep(Json());
                    _tools[0].AddVisualization(JsonElement.Parse("{\"chart\":\"bar\"}"));
                }

                break;
            case 6 or 7:
                var message = run.StartMessage();
                message.Append(Text());
                _messages.Add(message);
                break;
            case 8 or 9:
                _messages.LastOrDefault()?.Append(Text());
                break;
            case 10:
                Take(_messages)?.Complete();
                break;
            case > 17:
                ActWithWorkers();
                break;
            default:
                Tell(kind);
                break;
        }
    }

    private void Tell(int kind)
    {
        switch (kind)
        {
            case 11:
                _steps.Add(run.StartStep($"step {++_count}"));
                break;
            case 12:
                Take(_steps)?.Complete();
                break;
            case 13:
                run.Status(Pick("Reading", "Writing"));
                break;
            case 14:
                run.Progress(_random.Next(100) / 100.0, Pick("reading", "writing"), Pick(null, "file"), 1, 4);
                break;
            case 15:
                run.StartReasoning().Append(Text() + "hm");
                break;
            case 16:
                run.Warn("slow", "It takes long.", Pick<JsonElement?>(null, JsonElement.Parse("{\"a\":1}")));
                break;
            default:
                Look();
                break;
        }
    }

    private void ActWithWorkers()
    {
        switch (_random.Next(4))
        {
            case 0:
                if (_workers.Count < 3)
                {
                    _workers.Add(run.StartWorker($"{++_count}", "read"));
                }

                break;
            case 1:
                _workers.LastOrDefault()?.Status("Reading");
                break;
            case 2:
                WorkerSpeaks();
                break;
            default:
                End(Take(_workers));
                break;
        }
    }

    private void Look()
    {
        run.StartRetrieval(["docs"], "vector", "q").Complete(1, 0.5, 12, [new KnowledgeSource("d", "Readme", "https://x/", "text/plain", 0.5)]);
        run.SubstituteVariables(new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" });
        _ = run.Publish(AgentEvents.ContextUsage, new ContextUsage(10, 100));
        run.AddUsage(10, 2);
    }

    private void WorkerSpeaks()
    {
        if (_workers.LastOrDefault() is { } worker)
        {
            var message = worker.StartMessage();
            message.Append("From a worker");
            message.Complete();
            worker.Report("12 files");
        }
    }

    private void End(AgentRun? worker)
    {
        switch (_random.Next(3))
        {
            case 0:
                worker?.Complete(JsonElement.Parse("\"ok\""));
                break;
            case 1:
                worker?.Cancel();
                break;
            default:
                worker?.Fail("unreadable", "Cannot read.");
                break;
        }
    }

    private async Task AskAsync()
    {
        // What is open around a question is told in two parts by AG-UI, which cannot be put together again.
        while (Take(_messages) is { } message)
        {
            message.Complete();
        }

        while (Take(_steps) is { } step)
        {
            step.Complete();
        }

        var answer = run.RequestInputAsync("Which?", Pick<JsonElement?>(null, JsonElement.Parse("{\"type\":\"string\"}")), _tools.FirstOrDefault()?.Id);
        done();
        _ = run.TryAnswer(questions().Last(), JsonElement.Parse("{}"));
        done();
        _ = await answer;
    }

    private void End()
    {
        foreach (var worker in _workers.ToArray())
        {
            End(worker);
        }

        // What is open is ended in the order in which each reader likes it; here it is the agent who says.
        foreach (var message in _messages)
        {
            message.Complete();
        }

        foreach (var call in _tools)
        {
            call.Fail("Left");
        }

        foreach (var step in _steps)
        {
            step.Complete();
        }

        switch (_random.Next(3))
        {
            case 0:
                run.Complete(Pick<JsonElement?>(null, Json()));
                break;
            case 1:
                run.Cancel();
                break;
            default:
                run.Fail("no_key", "There is no key.");
                break;
        }
    }
}
