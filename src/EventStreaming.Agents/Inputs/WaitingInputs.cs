using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace EventStreaming.Agents.Inputs;

/// <summary>The questions that runs on one bus wait with, by their ids: known also when the topic's history has them no more. Thread-safe.</summary>
/// <remarks>
/// A question is in here before it is told, and until what has ended it is told: one that the history has, and that is not in here, is nobody's of this process, or its end is in the history, too.
/// </remarks>
internal sealed class WaitingInputs
{
    private static readonly ConditionalWeakTable<IEventBus, WaitingInputs> s_shared = [];

    private readonly ConcurrentDictionary<(string Topic, string Id), PendingInput> _byId = new();

    /// <summary>Has the questions that nobody here waits with answered one after another: of two answers to the same one, the second finds the first.</summary>
    public Lock Gate { get; } = new();

    public static WaitingInputs Of(IEventBus bus) => s_shared.GetOrCreateValue(bus);

    public PendingInput? Find(string topic, string id) => _byId.GetValueOrDefault((topic, id));

    public IReadOnlyList<PendingInput> In(string topic) => [.. _byId.Values.Where(input => string.Equals(input.Topic, topic, StringComparison.Ordinal))];

    /// <summary>Of two that have the same id, the newer is known; an answer is both's.</summary>
    public void Add(PendingInput input) => _byId[(input.Topic, input.Id)] = input;

    public void Remove(PendingInput input) => _byId.TryRemove(KeyValuePair.Create((input.Topic, input.Id), input));
}
