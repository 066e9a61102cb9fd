namespace EventStreaming.Agents.Serialization;

/// <summary>The ids that were used. When there is no room for more, any other counts as used: it may have been.</summary>
internal sealed class UsedIds(int capacity)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <returns>False when it was used before, or may have been.</returns>
    public bool Add(string id) => _ids.Count < capacity && _ids.Add(AttributeText.Fit(id));

    public bool MayContain(string id) => _ids.Count >= capacity || _ids.Contains(AttributeText.Fit(id));
}
