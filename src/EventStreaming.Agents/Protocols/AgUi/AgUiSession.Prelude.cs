namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>What a connection is sent before its first event.</summary>
internal sealed partial class AgUiSession
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
        var added = new AgUiRun(run.RunId, run.Source ?? run.Start.Kind ?? run.RunId, run.Start.Kind, run.Start.ParentRunId, RunKey.IsWorker(run.Source)) { View = view };
        foreach (var step in run.OpenSteps)
        {
            var name = step.Name ?? step.StepId;
            added.Steps.TryAdd(step.StepId, added.Steps.ContainsValue(name) ? $"{name} ({step.StepId})" : name);
        }

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
            foreach (var message in history.Messages.Where(static message => message.IsComplete))
            {
                // What was said in earlier runs is the conversation's.
                if ((Find(message.RunId, message.Source) ?? (RunKey.IsWorker(message.Source) ? null : _root)) is { } run && !IsSilent(run))
                {
                    WriteMissing(run, message);
                }
            }

            foreach (var thought in history.Reasoning)
            {
                if (Find(thought.RunId, thought.Source) is { } run && !IsSilent(run) && thought.Text.Length > 0
                    && _known.Find(AgUiFrames.ThoughtId(PrefixOf(run), thought.Id)) is null)
                {
                    _output.Write(run, item: null, frames =>
                    {
                        frames.ReasoningStart(thought.Id);
                        frames.ReasoningContent(thought.Id, thought.Text);
                        frames.ReasoningEnd(thought.Id);
                    });
                }
            }

            return;
        }

        var messages = HistoryOf(history).ToList();
        if (messages.Count > 0 || history.IsTruncated)
        {
            _output.Write(_root!, item: null, frames => frames.Messages(messages, history.IsTruncated));
        }
    }

    private IEnumerable<AgUiMessage> HistoryOf(SessionSnapshot history)
    {
        // A thought comes before what was said after it: there is no more that is known of its place.
        var thoughts = history.Reasoning.Where(thought => IsShown(thought.RunId, thought.Source)).ToLookup(static thought => RunKey.Of(thought.RunId, thought.Source), StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in history.Messages.Where(message => IsShown(message.RunId, message.Source)))
        {
            var key = RunKey.Of(message.RunId, message.Source);
            foreach (var thought in told.Add(key) ? thoughts[key] : [])
            {
                yield return ThoughtOf(thought);
            }

            if (message.IsComplete)
            {
                var (prefix, tag) = ShownAs(message.RunId, message.Source);
                _written.Add(prefix + message.Id);
                yield return new AgUiMessage(prefix + message.Id, message.Role, message.Text, tag);
            }
        }

        foreach (var thought in thoughts.Where(group => !told.Contains(group.Key)).SelectMany(static group => group))
        {
            yield return ThoughtOf(thought);
        }
    }

    private AgUiMessage ThoughtOf(ReasoningSnapshot thought)
    {
        var (prefix, tag) = ShownAs(thought.RunId, thought.Source);
        return new AgUiMessage(AgUiFrames.ThoughtId(prefix, thought.Id), Role: null, thought.Text, tag);
    }

    private bool IsShown(string? runId, string? source) =>
        includeWorkers || !RunKey.IsWorker(source) || IsRoot(RunKey.Of(runId, source));

    private (string Prefix, string? Tag) ShownAs(string? runId, string? source)
    {
        var key = RunKey.Of(runId, source);
        var isSubagent = !IsRoot(key) && (_runs.TryGetValue(key, out var run) ? run.View == AgUiView.Subagent : RunKey.IsWorker(source));
        return isSubagent ? (key + "/", key) : (string.Empty, null);
    }

    /// <summary>The run that is shown at work, by what belongs to it.</summary>
    private AgUiRun? Find(string? runId, string? source)
    {
        var key = RunKey.Of(runId, source);
        return key.Length == 0 ? _root : _runs.GetValueOrDefault(key);
    }

    private void WriteMissing(AgUiRun run, MessageSnapshot message)
    {
        var known = _known?.Find(IdOf(run, message.Id));
        var start = known is not null && message.Text.StartsWith(known, StringComparison.Ordinal) ? known.Length : 0;
        if (known is not null && (start == message.Text.Length || start < known.Length))
        {
            return; // It has all of it, or a text of its own.
        }

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
        foreach (var message in open.Messages.Where(static message => !message.IsComplete))
        {
            if (Find(message.RunId, message.Source) is { } run && !IsSilent(run))
            {
                RestoreText(run, message);
            }
        }

        foreach (var call in open.ToolCalls)
        {
            if (Find(call.RunId, call.Source) is { } run && !IsSilent(run))
            {
                RestoreCall(run, call);
            }
        }

        foreach (var input in open.Inputs)
        {
            if (Find(input.RunId, input.Source) is { } run)
            {
                AddQuestion(input.Request.Id, run.Key, _output.Make(run, item: null, frames => frames.Interrupt(input.Request)).ToArray());
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
