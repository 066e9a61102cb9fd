namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>A run as a connection shows it: what is open in it.</summary>
internal sealed class AgUiRun(string key, string name, string? kind, string? parent, bool isWorker)
{
    public string Key { get; } = key;

    /// <summary>A run of which an event is the first that is seen.</summary>
    public static AgUiRun Of(StreamEvent first, string key, RunStarted? start, AgUiView view) =>
        new(key, first.Source ?? start?.Kind ?? key, start?.Kind, start?.ParentRunId, RunKey.IsWorker(first.Source)) { View = view };

    /// <summary>A run as a snapshot tells it.</summary>
    public static AgUiRun Of(RunSnapshot run, AgUiView view)
    {
        var added = new AgUiRun(run.RunId, run.Source ?? run.Start.Kind ?? run.RunId, run.Start.Kind, run.Start.ParentRunId, RunKey.IsWorker(run.Source)) { View = view };
        foreach (var step in run.OpenSteps)
        {
            added.TryOpen(step, out _);
        }

        return added;
    }

    /// <summary>Who does it.</summary>
    public string Name { get; } = name;

    public string? Kind { get; } = kind;

    /// <summary>The run that started it, or null.</summary>
    public string? Parent { get; } = parent;

    public bool IsWorker { get; } = isWorker;

    public AgUiView View { get; set; } = AgUiView.Root;

    /// <summary>Whether it was said to have started, and not to have ended, in the run that is open on the wire.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Whether its steps are open on the wire.</summary>
    public bool HasStepsOpen { get; set; }

    public Dictionary<string, AgUiText> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>The names on the wire of the steps at work, by their ids.</summary>
    public Dictionary<string, string> Steps { get; } = new(StringComparer.Ordinal);

    /// <summary>The tool calls that have no result yet.</summary>
    public HashSet<Guid> Tools { get; } = [];

    /// <summary>The activities that were sent in full, so that a change of them says something.</summary>
    public HashSet<string> Activities { get; } = new(StringComparer.Ordinal);

    /// <summary>The train of thought that is open on the wire, or null.</summary>
    public string? Thought { get; set; }

    /// <summary>Opens a step. Two at a time may have one name, but not in AG-UI.</summary>
    /// <param name="step">The step.</param>
    /// <param name="name">Its name on the wire.</param>
    /// <returns>False when it is open already.</returns>
    public bool TryOpen(StepStarted step, out string name)
    {
        name = step.Name ?? step.StepId;
        if (Steps.ContainsKey(step.StepId))
        {
            return false;
        }

        if (Steps.ContainsValue(name))
        {
            name = $"{name} ({step.StepId})";
            while (Steps.ContainsValue(name))
            {
                name += "'";
            }
        }

        Steps.Add(step.StepId, name);
        return true;
    }
}
