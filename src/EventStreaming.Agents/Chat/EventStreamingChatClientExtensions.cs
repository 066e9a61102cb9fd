using EventStreaming.Agents;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.AI;

/// <summary>Tells what chat clients do as events.</summary>
public static class EventStreamingChatClientExtensions
{
    /// <summary>
    /// Tells what a client's model says and does in the current run: see <see cref="EventStreamingChatClient"/>. In a pipeline of Microsoft.Extensions.AI:
    /// <c>builder.Use(inner => inner.UseEventStreaming())</c>, before or behind <c>UseFunctionInvocation()</c>; before it, results are told as they come.
    /// </summary>
    /// <param name="client">The client; one that is told already is returned as it is, so a host may ask for it where a library has.</param>
    /// <param name="configure">Sets what is told; null for the defaults.</param>
    /// <param name="loggerFactory">What is logged to; null for nothing.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The client is told already, with options of its own: <paramref name="configure"/> would have no effect.</exception>
    public static IChatClient UseEventStreaming(this IChatClient client, Action<EventStreamingChatOptions>? configure = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(client);

        // Told twice, every message would be there twice.
        if (client.GetService(typeof(EventStreamingChatClient)) is not null)
        {
            return configure is null
                ? client
                : throw new InvalidOperationException(
                    "The client is told already, by an earlier UseEventStreaming in its pipeline, whose options hold. Set them there, or leave configure out here.");
        }

        var options = new EventStreamingChatOptions();
        configure?.Invoke(options);
        return new EventStreamingChatClient(client, options, loggerFactory);
    }
}
