namespace EventStreaming;

/// <summary>What a latest-wins event replaces: the earlier one with an equal key.</summary>
internal readonly record struct LatestKey(string Type, string? Source, string? RunId, string? Key)
{
    public static LatestKey Of(StreamEvent item) => new(item.Type, item.Source, item.RunId, item.Key);
}
