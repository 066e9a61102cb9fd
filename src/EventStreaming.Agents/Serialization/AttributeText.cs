using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.Agents.Serialization;

/// <summary>Ids that others gave, as long as they come, made fit to be ids here.</summary>
internal static class AttributeText
{
    /// <summary>The id, or, when it is longer than an attribute may be, one made of it.</summary>
    [return: NotNullIfNotNull(nameof(id))]
    public static string? Fit(string? id) =>
        id is { Length: > EventDraft.MaxAttributeLength } ? id[..64] + "~" + NamedGuid.Of(string.Empty, id).ToString("N") : id;
}
