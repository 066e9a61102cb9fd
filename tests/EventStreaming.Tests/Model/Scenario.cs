using System.Text;

namespace EventStreaming.Tests.Model;

/// <summary>The limits of a history and what is done, step after step.</summary>
internal sealed record Scenario(int Capacity, int MaxBytes, int CriticalCapacity, int CriticalMaxBytes, Command[] Commands)
{
    /// <summary>Limits small enough that a few steps reach them; one sweep each 3.75 s.</summary>
    public EventStreamingOptions Options => new()
    {
        History = new HistoryOptions
        {
            Capacity = Capacity,
            MaxBytes = MaxBytes,
            CriticalCapacity = CriticalCapacity,
            CriticalMaxBytes = CriticalMaxBytes,
            MaxAge = TimeSpan.FromSeconds(60),
        },
        Topics = new TopicOptions { IdleTimeout = TimeSpan.FromSeconds(120) },
    };

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine().Append(null, $"history of {Capacity} events, {MaxBytes} bytes; {CriticalCapacity} critical, {CriticalMaxBytes} bytes").AppendLine();
        for (var i = 0; i < Commands.Length; i++)
        {
            text.Append(null, $"{i,4}  {Commands[i]}").AppendLine();
        }

        return text.ToString();
    }
}
