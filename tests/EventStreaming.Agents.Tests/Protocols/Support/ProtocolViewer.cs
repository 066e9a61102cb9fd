using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Someone who watches a script's topic in a protocol, by the real bus, without a transport.</summary>
internal sealed class ProtocolViewer : IMessageWriter
{
    private readonly EventProtocolStream _session;
    private readonly EventSubscription _subscription;
    private readonly List<string> _messages = [];

    public ProtocolViewer(EventBus bus, EventProtocol protocol, string? runId = null, Action<SubscriptionOptions>? configure = null, JsonElement? input = null)
    {
        _session = protocol.Open(new EventProtocolRequest(TopicScript.Topic) { RunId = runId, Input = input });
        Options = new SubscriptionOptions { Topic = TopicScript.Topic };
        _session.Configure(Options);
        configure?.Invoke(Options);
        _subscription = bus.Subscribe(Options);
        _session.Begin(this);
    }

    public SubscriptionOptions Options { get; }

    public bool IsOver => _session.IsOver;

    /// <summary>All it has been sent until now.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            while (!_session.IsOver && _subscription.TryRead(out var item))
            {
                _session.Write(item, this);
            }

            return _messages;
        }
    }

    /// <summary>What it was sent since it was last asked.</summary>
    public IReadOnlyList<string> Next()
    {
        var seen = _messages.Count;
        return [.. Messages.Skip(seen)];
    }

    public void Write(StreamEvent item) => _session.Write(item, this);

    public void Close(EndReason reason) => _session.Close(reason, this);

    public void Write(ReadOnlySpan<byte> message) => _messages.Add(Encoding.UTF8.GetString(message));
}
