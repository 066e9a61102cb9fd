using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>What holds of every run that is given, whatever came in: it starts first, what was opened is closed, one terminal, nothing behind it.</summary>
internal static class WellFormed
{
    public static void Check(IReadOnlyList<EventDraft> drafts, string root)
    {
        var runs = new Dictionary<string, Run>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            if (draft.Data is SessionCreated)
            {
                Assert.That(draft.RunId, Is.Null);
                continue;
            }

            Assert.That(draft.RunId, Is.Not.Null);
            if (!runs.TryGetValue(draft.RunId!, out var run))
            {
                runs.Add(draft.RunId!, run = new Run());
            }

            run.Take(draft);
        }

        Assert.That(runs, Contains.Key(root));
        foreach (var run in runs.Values)
        {
            run.CheckEnd();
        }

        Assert.That(drafts[^1], Has.Property("RunId").EqualTo(root), "The root's terminal is the last.");
    }

    private sealed class Run
    {
        private readonly HashSet<string> _open = new(StringComparer.Ordinal);
        private readonly HashSet<string> _used = new(StringComparer.Ordinal);
        private bool _isStarted;
        private bool _isEnded;

        public void Take(EventDraft draft)
        {
            Assert.That(_isEnded, Is.False, $"{draft.Type} is behind the terminal.");
            if (draft.Data is not RunStarted)
            {
                Assert.That(_isStarted, Is.True, $"{draft.Type} is before the start.");
            }

            switch (draft.Data)
            {
                case RunStarted:
                    Assert.That(_isStarted, Is.False, "It starts twice.");
                    _isStarted = true;
                    break;
                case ToolCallStarted start:
                    Open($"tool {start.Id}");
                    break;
                case ToolCallCompleted end:
                    Close($"tool {end.Id}");
                    break;
                case MessageStarted start:
                    Open($"message {start.Id}");
                    break;
                case MessageDelta delta:
                    Assert.That(_open, Contains.Item($"message {delta.Id}"));
                    break;
                case MessageCompleted end:
                    Close($"message {end.Id}");
                    break;
                case StepStarted start:
                    Open($"step {start.StepId}");
                    break;
                case StepCompleted end:
                    Close($"step {end.StepId}");
                    break;
                case KnowledgeRetrievalStarted start:
                    Open($"search {start.Id}");
                    break;
                case KnowledgeRetrieved end when draft.ParentId is null && _open.Contains($"search {end.Id}"):
                    Close($"search {end.Id}");
                    break;
                case InputRequested start:
                    Open($"input {start.Id}");
                    break;
                case InputReceived end:
                    Close($"input {end.Id}");
                    break;
                case RunCompleted or AgentError { Recoverable: false }:
                    _isEnded = true;
                    break;
            }
        }

        public void CheckEnd()
        {
            Assert.That(_isEnded, Is.True, "There is no terminal.");
            Assert.That(_open, Is.Empty);
        }

        private void Open(string what)
        {
            Assert.That(_used.Add(what), Is.True, $"{what} was there before.");
            _open.Add(what);
        }

        private void Close(string what) => Assert.That(_open.Remove(what), Is.True, $"{what} is not open.");
    }
}
