using System.Globalization;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>A session's questions, and the answers, which mostly do not say to which.</summary>
internal sealed class SessionInputs(string? scope)
{
    private readonly List<(string Id, LegacyEvent Start)> _open = [];
    private int _count;

    public void Request(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var id = AttributeText.Fit(data.Words("id", "request_id") ?? NewId(item));
        if (_open.Count == LegacyLimits.MaxOpen)
        {
            Withdraw(0, drafts);
        }

        _open.Add((id, item.WithoutData()));
        drafts.Add(item.Draft(AgentEvents.InputRequested, new InputRequested(
            id, data.Words("prompt", "message", "question") ?? "Input is needed.", data.Kept("schema") ?? data.Rest("prompt", "message", "question", "id", "request_id"))));
    }

    /// <summary>An answer: to the question whose id it says, else to the first of its source.</summary>
    public void Receive(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var (data, source) = (item.Data, item.Source);
        var id = AttributeText.Fit(data.Words("id", "request_id"));
        var at = id is null
            ? _open.FindIndex(input => string.Equals(input.Start.Source, source, StringComparison.Ordinal))
            : _open.FindIndex(input => string.Equals(input.Id, id, StringComparison.Ordinal));
        if (at >= 0)
        {
            id = _open[at].Id;
            _open.RemoveAt(at);
        }

        drafts.Add(item.Draft(AgentEvents.InputReceived, new InputReceived(id ?? AttributeText.Fit(NewId(item)), data.Kept("value", "content", "response", "text") ?? data.Rest("id", "request_id"))));
    }

    /// <summary>Nobody will answer what a run has asked that has ended.</summary>
    public void EndRun(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var by = item;
        WithdrawWhere(start => SessionMessages.IsSameRun(start, by), drafts);
    }

    public void EndAll(ICollection<EventDraft> drafts) => WithdrawWhere(static _ => true, drafts);

    private void WithdrawWhere(Func<LegacyEvent, bool> isMeant, ICollection<EventDraft> drafts)
    {
        for (var at = 0; at < _open.Count;)
        {
            if (isMeant(_open[at].Start))
            {
                Withdraw(at, drafts);
            }
            else
            {
                at++;
            }
        }
    }

    private void Withdraw(int at, ICollection<EventDraft> drafts)
    {
        var (id, start) = _open[at];
        _open.RemoveAt(at);
        drafts.Add(start.Draft(AgentEvents.InputReceived, new InputReceived(id)));
    }

    private string NewId(in LegacyEvent item) => item.CorrelationId ?? string.Create(CultureInfo.InvariantCulture, $"{item.RunId ?? scope ?? "input"}-{++_count}");
}
