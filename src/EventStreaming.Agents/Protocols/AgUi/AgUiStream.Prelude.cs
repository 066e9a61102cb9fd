namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>What a connection is sent before its first event.</summary>
internal sealed partial class AgUiStream
{
    public override void Begin(IMessageWriter output)
    {
        _output.Target = output;
        if (snapshot is null)
        {
            return;
        }

        AddTree(snapshot.Runs);
        var root = snapshot.Runs.FirstOrDefault(run => IsOfOneRun ? IsWanted(run.RunId) : IsAtWork(run) && !RunKey.IsWorker(run.Source));
        if (root is null)
        {
            // Nothing may be said outside a run. Whoever starts one has the conversation; whoever watches has not.
            _history = IsOfOneRun ? null : snapshot;
            return;
        }

        _root = Add(root, AgUiView.Root);
        _rootId = root.RunId;
        foreach (var run in snapshot.Runs.Where(run => IsAtWork(run) && !IsRoot(run.RunId) && (!IsOfOneRun || _tree.Contains(run.RunId))))
        {
            Add(run, AgUiView.Subagent);
        }

        Open(item: null, root.Start, root.StartedAt);
        WriteHistory(snapshot);
        foreach (var run in snapshot.Runs)
        {
            if (_runs.TryGetValue(run.RunId, out var shown))
            {
                Restore(shown, run);
            }
        }

        RestoreOpen(snapshot);
        if (root.Error is { } error)
        {
            Fail(_root, item: null, error.Code, error.Message);
        }
        else if (!IsAtWork(root))
        {
            End(_root, item: null, root.Result ?? new RunCompleted(root.State == RunState.Cancelled ? RunOutcome.Cancelled : RunOutcome.Success));
        }
    }

    private static bool IsAtWork(RunSnapshot run) => run.State is RunState.Running or RunState.Paused;

    /// <summary>The runs that the wanted one started, and those that they did. A run is behind the one that started it.</summary>
    private void AddTree(IReadOnlyList<RunSnapshot> runs)
    {
        foreach (var run in runs)
        {
            if (IsOfOneRun && run.Start.ParentRunId is { } parent && (IsWanted(parent) || _tree.Contains(parent)))
            {
                _tree.Add(run.RunId);
            }

            if (!IsAtWork(run))
            {
                _ended.Add(run.RunId);
            }
        }
    }

    private AgUiRun Add(RunSnapshot run, AgUiView view)
    {
        var added = AgUiRun.Of(run, view);
        _runs.Add(run.RunId, added);
        return added;
    }

    private void Restore(AgUiRun shown, RunSnapshot run)
    {
        Announce(shown, item: null);
        if (IsSilent(shown))
        {
            return;
        }

        if (run.Status is { } status)
        {
            _output.Write(shown, item: null, frames => frames.Status(status));
        }

        if (run.Progress is { } progress)
        {
            shown.Activities.Add(AgUiFrames.ProgressId(shown.Key));
            _output.Write(shown, item: null, frames => frames.Progress(progress, isFirst: true));
        }
    }

    /// <summary>A worker of whom only what surfaces is shown.</summary>
    private bool IsSilent(AgUiRun run) => run.IsWorker && !includeWorkers && !IsRoot(run.Key);

    /// <summary>The conversation: in full, or what a client lacks that has said what it has.</summary>
    private void WriteHistory(SessionSnapshot history)
    {
        if (_known is not null)
        {
            foreach (var write in MissingOf(history).OrderBy(static part => part.Began).Select(static part => part.Write))
            {
                write();
            }

            return;
        }

        var messages = HistoryOf(history).OrderBy(static part => part.Began).SelectMany(static part => part.Messages).ToList();
        if (messages.Count > 0 || history.IsTruncated)
        {
            _output.Write(_root!, item: null, frames => frames.Messages(messages, history.IsTruncated));
        }
    }

    private IEnumerable<(long Began, Action Write)> MissingOf(SessionSnapshot history)
    {
        foreach (var message in history.Messages.Where(static message => message.IsComplete))
        {
            if (FindOfConversation(message.RunId, message.Source) is { } run)
            {
                yield return (message.Began, () => WriteMissing(run, message));
            }
        }

        foreach (var thought in history.Reasoning)
        {
            if (Find(thought.RunId, thought.Source) is { } run && !IsSilent(run) && thought.Text.Length > 0)
            {
                yield return (thought.Began, () => WriteMissing(run, thought));
            }
        }

        foreach (var call in history.EndedToolCalls)
        {
            if (FindOfConversation(call.RunId, call.Source) is { } run)
            {
                yield return (call.Began, () => WriteMissing(run, call));
            }
        }
    }

    private IEnumerable<(long Began, IEnumerable<AgUiMessage> Messages)> HistoryOf(SessionSnapshot history)
    {
        foreach (var thought in history.Reasoning.Where(thought => IsShown(thought.RunId, thought.Source)))
        {
            yield return (thought.Began, [ThoughtOf(thought)]);
        }

        foreach (var message in history.Messages.Where(message => message.IsComplete && IsShown(message.RunId, message.Source)))
        {
            var (prefix, tag) = ShownAs(message.RunId, message.Source);
            _written.Add(prefix + message.Id);
            yield return (message.Began, [new AgUiMessage(prefix + message.Id, message.Role, message.Text, tag)]);
        }

        foreach (var call in history.EndedToolCalls.Where(call => IsShown(call.RunId, call.Source) && _calls.Add(call.Start.Id)))
        {
            yield return (call.Began, AgUiMessage.Of(call, ShownAs(call.RunId, call.Source).Tag));
        }
    }

    private AgUiMessage ThoughtOf(ReasoningSnapshot thought)
    {
        var (prefix, tag) = ShownAs(thought.RunId, thought.Source);
        return new AgUiMessage(AgUiFrames.ThoughtId(prefix, thought.Id), Role: null, thought.Text, tag);
    }

    private bool IsShown(string? runId, string? source) =>
        includeWorkers || !RunKey.IsWorker(source) || IsRoot(RunKey.OrSession(runId, source));

    private (string Prefix, string? Tag) ShownAs(string? runId, string? source)
    {
        var key = RunKey.OrSession(runId, source);
        var isSubagent = !IsRoot(key) && (_runs.TryGetValue(key, out var run) ? run.View == AgUiView.Subagent : RunKey.IsWorker(source));
        return isSubagent ? (key + "/", key) : (string.Empty, null);
    }

    /// <summary>The run that is shown at work, by what belongs to it.</summary>
    private AgUiRun? Find(string? runId, string? source)
    {
        var key = RunKey.OrSession(runId, source);
        return key.Length == 0 ? _root : _runs.GetValueOrDefault(key);
    }

    /// <summary>The same; what was said and done in earlier runs is the conversation's, and so the root's. Null when it is not shown.</summary>
    private AgUiRun? FindOfConversation(string? runId, string? source) =>
        (Find(runId, source) ?? (RunKey.IsWorker(source) ? null : _root)) is { } run && !IsSilent(run) ? run : null;

    private void WriteMissing(AgUiRun run, ReasoningSnapshot thought)
    {
        if (_known?.Find(AgUiFrames.ThoughtId(PrefixOf(run), thought.Id)) is null)
        {
            Announce(run, item: null);
            _output.Write(run, item: null, frames =>
            {
                frames.ReasoningStart(thought.Id);
                frames.ReasoningContent(thought.Id, thought.Text);
                frames.ReasoningEnd(thought.Id);
            });
        }
    }

    private void WriteMissing(AgUiRun run, ToolCallSnapshot call)
    {
        if (!_calls.Add(call.Start.Id) || _known?.ContainsResult(call.Start.Id) == true)
        {
            return;
        }

        Announce(run, item: null);
        _output.Write(run, item: null, frames =>
        {
            if (_known?.Contains(call.Start.Id) != true)
            {
                frames.ToolCall(call.Start);
            }

            frames.ToolResult(ToolCallEnd.Of(call));
        });
    }

    private void WriteMissing(AgUiRun run, MessageSnapshot message)
    {
        var known = _known?.Find(IdOf(run, message.Id));
        var start = known is not null && message.Text.StartsWith(known, StringComparison.Ordinal) ? known.Length : 0;
        if (known is not null && (start == message.Text.Length || start < known.Length))
        {
            return; // It has all of it, or a text of its own.
        }

        Announce(run, item: null);
        _output.Write(run, item: null, frames =>
        {
            frames.MessageStart(message.Id, message.Role);
            if (start < message.Text.Length)
            {
                frames.MessageContent(message.Id, message.Text.AsSpan(start));
            }

            frames.MessageEnd(message.Id);
        });
        _written.Add(IdOf(run, message.Id));
    }

    /// <summary>What is being written, called and asked.</summary>
    private void RestoreOpen(SessionSnapshot open)
    {
        foreach (var restore in OpenOf(open).OrderBy(static part => part.Began).Select(static part => part.Restore))
        {
            restore();
        }

        foreach (var input in open.Inputs)
        {
            if (Find(input.RunId, input.Source) is { } run)
            {
                AddQuestion(input.Request.Id, run.Key, _output.Make(run, item: null, frames => frames.Interrupt(input.Request)).ToArray());
            }
        }
    }

    private IEnumerable<(long Began, Action Restore)> OpenOf(SessionSnapshot open)
    {
        foreach (var message in open.Messages.Where(static message => !message.IsComplete))
        {
            if (Find(message.RunId, message.Source) is { } run && !IsSilent(run))
            {
                yield return (message.Began, () => RestoreText(run, message));
            }
        }

        foreach (var call in open.ToolCalls)
        {
            if (Find(call.RunId, call.Source) is { } run && !IsSilent(run))
            {
                yield return (call.Began, () => RestoreCall(run, call));
            }
        }
    }

    private void RestoreText(AgUiRun run, MessageSnapshot message)
    {
        var known = _known?.Find(IdOf(run, message.Id));
        var text = new AgUiText(message.Role) { IsOpen = true };
        if (!run.Messages.TryAdd(message.Id, text))
        {
            return;
        }

        // A client that has a text of its own under this id keeps it.
        var isItsOwn = known is not null && !message.Text.StartsWith(known, StringComparison.Ordinal);
        _output.Write(run, item: null, frames =>
        {
            frames.MessageStart(message.Id, message.Role);
            if (!isItsOwn && message.Text.Length > (known?.Length ?? 0))
            {
                frames.MessageContent(message.Id, message.Text.AsSpan(known?.Length ?? 0));
            }
        });
        text.IsBroken = isItsOwn || message.HasGaps;
        text.Sent = isItsOwn ? int.MaxValue : message.Text.Length;
    }

    private void RestoreCall(AgUiRun run, ToolCallSnapshot call)
    {
        if (!_calls.Add(call.Start.Id))
        {
            return;
        }

        run.Tools.Add(call.Start.Id);
        if (_known?.Contains(call.Start.Id) != true)
        {
            _output.Write(run, item: null, frames => frames.ToolCall(call.Start));
        }

        if (call.Progress is { } progress)
        {
            run.Activities.Add(AgUiFrames.ToolActivityId(call.Start.Id));
            _output.Write(run, item: null, frames => frames.ToolProgress(progress with { Id = call.Start.Id }, isFirst: true));
        }
    }
}
