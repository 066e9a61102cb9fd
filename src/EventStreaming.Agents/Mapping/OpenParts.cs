using System.Diagnostics.CodeAnalysis;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What a run has opened of one kind and not closed, in that order. A key is what the other protocol calls it.</summary>
internal sealed class OpenParts<TPart>(ImportBudget budget, EventMapperOptions options)
    where TPart : notnull
{
    private readonly OrderedDictionary<string, TPart> _open = new(StringComparer.Ordinal);

    public IEnumerable<TPart> Parts => _open.Values;

    /// <summary>Whether another may be opened by this key: none is open by it, and there is room.</summary>
    public bool HasRoom(string key) => _open.Count < options.MaxOpen && budget.HasRoom(options) && !Contains(key);

    public bool Contains(string key) => _open.ContainsKey(AttributeText.Fit(key));

    public bool TryGet(string? key, [MaybeNullWhen(false)] out TPart part)
    {
        part = default;
        return key is not null && _open.TryGetValue(AttributeText.Fit(key), out part);
    }

    public void Add(string key, TPart part)
    {
        _open.Add(AttributeText.Fit(key), part);
        budget.Open();
    }

    public bool TryTake(string key, [MaybeNullWhen(false)] out TPart part)
    {
        var isOpen = _open.Remove(AttributeText.Fit(key), out part);
        if (isOpen)
        {
            budget.Close();
        }

        return isOpen;
    }

    public TPart[] TakeAll()
    {
        TPart[] parts = [.. _open.Values];
        _open.Clear();
        foreach (var _ in parts)
        {
            budget.Close();
        }

        return parts;
    }
}
