using Microsoft.Extensions.Options;

namespace EventStreaming.Client;

/// <summary>Checks <see cref="EventSocketClientOptions"/>; each failure names the option, its value and the range.</summary>
public sealed class EventSocketClientOptionsValidator : IValidateOptions<EventSocketClientOptions>
{
    private const int SmallestBytes = 1_024;

    // What a WebSocket's own timer can tell apart.
    private static readonly TimeSpan s_shortestKeepAlive = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, EventSocketClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = new ValidateOptionsResultBuilder();
        if (options.Catalog is null)
        {
            result.AddError("Catalog must not be null: leave it at its default.");
            return result.Build();
        }

        OptionRange.Check(result, "MaxMessageBytes", options.MaxMessageBytes, SmallestBytes, EventSocketClientOptions.LargestMessageBytes);
        OptionRange.Check(result, "TopicBufferBytes", options.TopicBufferBytes, SmallestBytes, EventSocketClientOptions.LargestMessageBytes);
        OptionRange.CheckOrInfinite(result, "ReadTimeout", options.ReadTimeout, OptionRange.Millisecond, OptionRange.Day);
        OptionRange.CheckOrInfinite(result, "KeepAliveInterval", options.KeepAliveInterval, s_shortestKeepAlive, OptionRange.Day);
        OptionRange.CheckOrInfinite(result, "KeepAliveTimeout", options.KeepAliveTimeout, s_shortestKeepAlive, OptionRange.Day);
        OptionRange.CheckReconnecting(result, options);
        return result.Build();
    }
}
