namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>Ends and questions.</summary>
internal sealed partial class AgUiStream
{
    private readonly List<(string Id, string Run, byte[] Frame)> _questions = [];
    private bool _hasNewQuestions;

    /// <summary>A run has ended that did not fail.</summary>
    private void End(AgUiRun run, StreamEvent? item, RunCompleted end)
    {
        Forget(run);
        if (!IsRoot(run.Key))
        {
            CloseContent(run, isFinal: true);
            if (run.IsAnnounced && !(item is not null && _output.TryWrite(item, run)))
            {
                _output.Write(run, item, frames => frames.SubagentFinished(end with { Result = null }));
            }

            return;
        }

        CloseAll(run, isFinal: true);
        var made = item is null ? default : AgUiEncoder.For(run.View).GetBytes(item).Span;
        _output.WriteWithIds(
            made.StartsWith("{\"type\":\"RUN_FINISHED\""u8) ? made : _output.Make(run, item, frames => frames.RunFinished(item is null ? end : end with { Result = null })),
            ThreadId,
            _rootId);
        _isOpen = false;
        _root = null;
        IsOver = IsOfOneRun;
        LetGoOfWorkers();
    }

    /// <summary>A run has failed.</summary>
    private void Fail(AgUiRun run, StreamEvent? item, string? code, string message)
    {
        Forget(run);
        if (!IsRoot(run.Key))
        {
            CloseContent(run, isFinal: true);
            if (run.IsAnnounced)
            {
                _output.Write(run, item, frames => frames.SubagentError(code, message));
            }

            return;
        }

        if (!_isOpen)
        {
            Open(item, start: null);
        }

        CloseAll(run, isFinal: true);
        _output.Write(run, item, frames => frames.RunError(code, message));
        IsOver = true;
    }

    private void Forget(AgUiRun run)
    {
        _runs.Remove(run.Key);
        _tree.Remove(run.Key);
        _questions.RemoveAll(question => string.Equals(question.Run, run.Key, StringComparison.Ordinal));
        if (run.Key.Length > 0)
        {
            _ended.Add(run.Key);
        }
    }

    /// <summary>Workers work for a run, and are not shown without it. Another run that is at work is shown for itself from its next event on.</summary>
    private void LetGoOfWorkers()
    {
        _questions.Clear();
        _hasNewQuestions = false;
        foreach (var run in _runs.Values)
        {
            run.IsAnnounced = false;
            if (run.IsWorker)
            {
                Forget(run);
            }
        }
    }

    /// <summary>Closes on the wire what is open in the run and in its subagents.</summary>
    /// <param name="root">The run.</param>
    /// <param name="isFinal">Whether the run has ended; else what is open is opened again when it goes on.</param>
    private void CloseAll(AgUiRun root, bool isFinal)
    {
        foreach (var run in _runs.Values)
        {
            if (IsRoot(run.Key))
            {
                continue;
            }

            if (isFinal && run.Tools.Count > 0)
            {
                // It was let go at a question, and has calls to be answered for.
                Announce(run, item: null);
            }

            CloseContent(run, isFinal);
            if (run.IsAnnounced)
            {
                run.IsAnnounced = false;
                var waitsFor = _questions.Where(question => string.Equals(question.Run, run.Key, StringComparison.Ordinal)).Select(static question => question.Id).ToList();
                _output.Write(run, item: null, frames => frames.SubagentSuspended(waitsFor));
            }
        }

        CloseContent(root, isFinal);
    }

    private void CloseContent(AgUiRun run, bool isFinal)
    {
        EndThought(run);
        foreach (var (id, text) in run.Messages)
        {
            if (text.IsOpen)
            {
                text.IsOpen = false;
                _output.Write(run, item: null, frames => frames.MessageEnd(id));
            }
        }

        if (run.HasStepsOpen)
        {
            run.HasStepsOpen = false;
            foreach (var name in run.Steps.Values)
            {
                _output.Write(run, item: null, frames => frames.StepFinished(name));
            }
        }

        if (isFinal)
        {
            // A client takes calls that have no result at a run's end for its own to make.
            foreach (var call in run.Tools)
            {
                WriteNoResult(run, call, ToolCallEnd.RunHasEnded);
            }

            run.Tools.Clear();
        }
    }

    private void AddQuestion(AgUiRun run, StreamEvent item, InputRequested question)
    {
        var made = AgUiEncoder.For(run.View).GetBytes(item);
        var frame = made.Span.StartsWith("{\"id\":"u8) ? made.ToArray() : _output.Make(run, item: null, frames => frames.Interrupt(question with { Schema = null })).ToArray();
        AddQuestion(question.Id, run.Key, frame);
    }

    private void AddQuestion(string id, string run, byte[] frame)
    {
        _questions.RemoveAll(question => string.Equals(question.Id, id, StringComparison.Ordinal));
        _questions.Add((id, run, frame));
        _hasNewQuestions = true;
    }

    /// <summary>Ends the run on the wire with the questions that are open. Ours waits, or goes on beside them.</summary>
    private void Ask()
    {
        _hasNewQuestions = false;
        if (_questions.Count == 0)
        {
            return;
        }

        CloseAll(_root!, isFinal: false);
        using var frame = new MemoryStream();
        frame.Write("{\"type\":\"RUN_FINISHED\",\"outcome\":{\"type\":\"interrupt\",\"interrupts\":["u8);
        for (var index = 0; index < _questions.Count; index++)
        {
            frame.Write(index == 0 ? [] : ","u8);
            frame.Write(_questions[index].Frame);
        }

        frame.Write("]}}"u8);
        _output.WriteWithIds(frame.GetBuffer().AsSpan(0, (int)frame.Length), ThreadId, _rootId);
        _isOpen = false;
        IsOver = IsOfOneRun;
    }

    /// <summary>The run goes on, unless there are more questions.</summary>
    private void Answer(StreamEvent item, InputReceived answer)
    {
        if (_questions.RemoveAll(question => string.Equals(question.Id, answer.Id, StringComparison.Ordinal)) == 0)
        {
            return;
        }

        if (!_isOpen)
        {
            Open(item, start: null);
            _hasNewQuestions = _questions.Count > 0;
            ReleaseHeld();
        }
    }
}
