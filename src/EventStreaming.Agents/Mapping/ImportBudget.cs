using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What a run and its subagents keep together, so that many of them hold no more than one may.</summary>
internal sealed class ImportBudget
{
    /// <summary>The most ids that are known for used.</summary>
    public const int MaxRemembered = 16_384;

    private const int MaxText = 16 << 20;
    private const int Kinds = 5;

    private int _open;
    private int _text;

    public UsedIds UsedIds { get; } = new(MaxRemembered);

    public UsedIds KnownMessages { get; } = new(MaxRemembered);

    /// <summary>How many characters may be kept besides.</summary>
    public int TextRoom => MaxText - _text;

    public bool HasRoom(EventMapperOptions options) => _open < options.MaxOpen * Kinds;

    public void Open() => _open++;

    public void Close() => _open--;

    public void AddText(int length) => _text += length;
}
