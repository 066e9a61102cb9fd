using System.Text;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A protocol as a user would write one: it says how many sessions there were, then each event's payload, and is over at the terminal one.</summary>
internal sealed class ScriptProtocol : EventProtocol
{
    private readonly List<ScriptSession> _sessions = [];

    public override string Format => "script";

    public override IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["X-Script"] = "v1" };

    /// <summary>Changes what a session does, before it begins.</summary>
    public Action<ScriptSession>? Prepare { get; init; }

    public IReadOnlyList<ScriptSession> Sessions
    {
        get
        {
            lock (_sessions)
            {
                return [.. _sessions];
            }
        }
    }

    public override EventProtocolStream Open(EventProtocolRequest request)
    {
        var session = new ScriptSession(request);
        Prepare?.Invoke(session);
        lock (_sessions)
        {
            _sessions.Add(session);
        }

        return session;
    }
}

/// <summary>One session of it.</summary>
internal sealed class ScriptSession(EventProtocolRequest request) : EventProtocolStream
{
    public EventProtocolRequest Request => request;

    public EventCursor From { get; set; } = EventCursor.Start;

    public string? Prelude { get; set; } = "begin";

    public bool IsOverFromTheBeginning { get; set; }

    public Func<StreamEvent, bool>? Predicate { get; set; }

    /// <summary>Called with each event before it is written.</summary>
    public Action<StreamEvent>? OnWrite { get; set; }

    public Action<EndReason>? OnClose { get; set; }

    /// <summary>How it was closed.</summary>
    public IList<EndReason> Closes { get; } = [];

    public override void Configure(SubscriptionOptions subscription)
    {
        subscription.From = From;
        subscription.OnNormalOverflow = NormalOverflow.CatchUp;
        if (Predicate is not null)
        {
            subscription.Predicate = Predicate;
        }

        IsOver = IsOverFromTheBeginning;
    }

    public override void Begin(IMessageWriter output) => Say(output, Prelude);

    public override void Write(StreamEvent item, IMessageWriter output)
    {
        OnWrite?.Invoke(item);
        if (item.Type.StartsWith("stream.", StringComparison.Ordinal))
        {
            return;
        }

        Say(output, item.Data as string);
        if (string.Equals(item.Type, SampleTypes.Completed, StringComparison.Ordinal))
        {
            Say(output, "done");
            IsOver = true;
        }
    }

    public override void Close(EndReason reason, IMessageWriter output)
    {
        Closes.Add(reason);
        OnClose?.Invoke(reason);
        Say(output, $"close {reason}");
    }

    private static void Say(IMessageWriter output, string? message)
    {
        if (message is not null)
        {
            output.Write(Encoding.UTF8.GetBytes(message));
        }
    }
}
