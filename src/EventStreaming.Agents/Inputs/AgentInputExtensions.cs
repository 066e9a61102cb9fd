using System.Text.Json;
using EventStreaming.Agents.Inputs;

namespace EventStreaming.Agents;

/// <summary>Answers the questions that runs ask with <see cref="AgentRun.RequestInputAsync(string, JsonElement?, Guid?, CancellationToken)"/>, by their ids: for whoever has no run at hand, such as an HTTP route.</summary>
public static class AgentInputExtensions
{
    /// <summary>
    /// Answers a question of a topic, be it asked by a run of this process, by a worker, or by someone who has published an <c>input.requested</c> there.
    /// </summary>
    /// <remarks>
    /// Thread-safe. Of several answers the first one counts, and of those given here and by <see cref="AgentRun.TryAnswer"/> only that one is told. A question that a run of this process waits with is found as long as it
    /// waits; others, and those that are over, as long as the topic's history has them. Names no topic that there is not: what a request brings may be passed on as it is.
    /// </remarks>
    /// <param name="bus">The bus: the one that the run was started on.</param>
    /// <param name="topic">Where the question was asked.</param>
    /// <param name="inputId">The question: <see cref="InputRequested.Id"/>.</param>
    /// <param name="value">The answer; null, or JSON's null: there will be none. It is not checked against the question's schema.</param>
    /// <returns>What became of it, and who asked.</returns>
    /// <exception cref="ArgumentException">The answer is <see cref="JsonValueKind.Undefined"/>, or too large for the bus; the question goes on.</exception>
    /// <exception cref="InvalidOperationException">The topic is fed from elsewhere: answer there.</exception>
    /// <exception cref="SubscriptionLimitException">The topic's history has to be looked at, and there is no room for another subscription.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public static AgentInputAnswer AnswerInput(this IEventBus bus, string topic, string inputId, JsonElement? value)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(inputId);
        var answer = new InputReceived(inputId, PendingInput.Keep(value));
        var waiting = WaitingInputs.Of(bus);
        while (true)
        {
            if (waiting.Find(topic, inputId) is { } input)
            {
                return new AgentInputAnswer(input.TryAnswer(answer) ? AgentInputOutcome.Accepted : AgentInputOutcome.AlreadyAnswered, input.RunId);
            }

            if (bus.FindTopic(topic) is null || InputLog.Read(bus, topic, EventCursor.Start).Find(inputId) is not { } found)
            {
                return new AgentInputAnswer(AgentInputOutcome.NotFound, RunId: null);
            }

            if (!found.IsOpen)
            {
                return new AgentInputAnswer(AgentInputOutcome.AlreadyAnswered, found.RunId);
            }

            // Only what has been told since is looked at in here: one answer after another.
            lock (waiting.Gate)
            {
                // A run that has asked meanwhile answers under its own lock, which is never taken inside this one.
                if (waiting.Find(topic, inputId) is null)
                {
                    return new AgentInputAnswer(found.TryAnswer(bus, answer) ? AgentInputOutcome.Accepted : AgentInputOutcome.AlreadyAnswered, found.RunId);
                }
            }
        }
    }

    /// <summary>The questions of a topic that wait for an answer, in the order in which they were asked.</summary>
    /// <remarks>Thread-safe. What it does not find is what <see cref="AnswerInput"/> does not. An answer is seen here as soon as it is told, other than in a <see cref="SessionSnapshot"/>, which follows.</remarks>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">Where they were asked.</param>
    /// <exception cref="SubscriptionLimitException">There is no room for another subscription.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public static IReadOnlyList<InputSnapshot> ListOpenInputs(this IEventBus bus, string topic)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);
        if (bus.FindTopic(topic) is null)
        {
            return [];
        }

        // Asked of the waits first: one that is answered in between is so in the log.
        var waits = WaitingInputs.Of(bus).In(topic);
        var log = InputLog.Read(bus, topic, EventCursor.Start);
        return [
            .. waits.Where(wait => wait.IsOpen && log.Find(wait.Id) is null).OrderBy(static wait => wait.AskedAt.Sequence).Select(static wait => new InputSnapshot(wait.Request, wait.RunId, wait.Source)),
            .. log.Open.Select(static found => new InputSnapshot(found.Request!, found.RunId, found.Source))];
    }
}
