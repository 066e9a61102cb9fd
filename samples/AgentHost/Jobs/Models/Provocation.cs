using AgentHost.Endpoints;

namespace AgentHost.Jobs.Models;

/// <summary>What a request may ask to go wrong, so that it can be seen how that is dealt with.</summary>
internal static class Provocation
{
    private const string Capacity = "capacity";

    /// <returns>Why it cannot be provoked; null when it can, or nothing is.</returns>
    public static Refusal? Check(string? provoke) =>
        provoke is null or Capacity ? null : Refusal.BadRequest($"'{provoke}' cannot be provoked. Send '{Capacity}', or nothing.");

    /// <summary>The model's gate as it was asked for.</summary>
    public static CapacityGate NewGate(string? provoke) => new(provoke is Capacity);
}
