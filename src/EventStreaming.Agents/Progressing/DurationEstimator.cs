using System.Runtime.CompilerServices;

namespace EventStreaming.Agents;

/// <summary>How long the stages of a kind of run take, learned from runs that were completed. The newer ones count for more.</summary>
/// <remarks>Thread-safe. It keeps a bounded number of stages; the one that was heard of longest ago goes first.</remarks>
public sealed class DurationEstimator
{
    /// <summary>How much of what is known the newest run is.</summary>
    private const double Weight = 0.3;

    private static readonly ConditionalWeakTable<IEventBus, DurationEstimator> s_shared = [];

    private readonly Dictionary<(string Kind, string Stage), Known> _known = [];
    private readonly Lock _gate = new();
    private readonly int _capacity;
    private long _turn;

    /// <summary>Creates one that knows nothing.</summary>
    /// <param name="capacity">The most stages it keeps, of all kinds together: 1 to 1,000,000.</param>
    public DurationEstimator(int capacity = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1_000_000);
        _capacity = capacity;
    }

    /// <summary>Learns how long a stage took.</summary>
    /// <param name="kind">The kind of run.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="remaining">How long it was from its beginning to the run's end.</param>
    public void Learn(string kind, string stage, TimeSpan duration, TimeSpan remaining)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(stage);
        lock (_gate)
        {
            if (_known.TryGetValue((kind, stage), out var known))
            {
                known = new Known(known.Duration + ((duration - known.Duration) * Weight), known.Remaining + ((remaining - known.Remaining) * Weight), ++_turn);
            }
            else
            {
                MakeRoom();
                known = new Known(duration, remaining, ++_turn);
            }

            _known[(kind, stage)] = known;
        }
    }

    /// <summary>How long a run that is in a stage takes still; null when nothing is known of that.</summary>
    /// <param name="kind">The kind of run.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="elapsed">How long it is in that stage. One that takes longer than it used to is taken as about to end.</param>
    public TimeSpan? Estimate(string kind, string stage, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(stage);
        lock (_gate)
        {
            return _known.TryGetValue((kind, stage), out var known)
                ? known.Remaining - (elapsed < known.Duration ? elapsed : known.Duration)
                : null;
        }
    }

    internal static DurationEstimator Of(IEventBus bus) => s_shared.GetValue(bus, static _ => new DurationEstimator());

    private void MakeRoom()
    {
        if (_known.Count >= _capacity)
        {
            _known.Remove(_known.MinBy(static entry => entry.Value.Turn).Key);
        }
    }

    private sealed record Known(TimeSpan Duration, TimeSpan Remaining, long Turn);
}
