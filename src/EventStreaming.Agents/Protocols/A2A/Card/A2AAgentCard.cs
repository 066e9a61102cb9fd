using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Agents;

/// <summary>What an agent says of itself (A2A 1.0, 4.4.1), at <c>/.well-known/agent-card.json</c>.</summary>
/// <param name="Name">Its name, for a person.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Version">Its version.</param>
/// <param name="SupportedInterfaces">Where it is reached, the preferred first.</param>
/// <param name="Skills">What it can do.</param>
public sealed record A2AAgentCard(
    string Name,
    string Description,
    string Version,
    IReadOnlyList<A2AAgentInterface> SupportedInterfaces,
    IReadOnlyList<A2AAgentSkill> Skills)
{
    /// <summary>The path at which clients look for it.</summary>
    public const string Path = "/.well-known/agent-card.json";

    /// <summary>What it can do beyond answering.</summary>
    /// <value>Default: it streams.</value>
    public A2AAgentCapabilities Capabilities { get; init; } = new();

    /// <summary>The media types it takes.</summary>
    /// <value>Default: plain text and JSON.</value>
    public IReadOnlyList<string> DefaultInputModes { get; init; } = ["text/plain", "application/json"];

    /// <summary>The media types it answers with.</summary>
    /// <value>Default: plain text and JSON.</value>
    public IReadOnlyList<string> DefaultOutputModes { get; init; } = ["text/plain", "application/json"];

    /// <summary>Who provides it.</summary>
    /// <value>Default null: not said.</value>
    public A2AAgentProvider? Provider { get; init; }

    /// <summary>Where to read more.</summary>
    /// <value>Default null: nowhere.</value>
    public string? DocumentationUrl { get; init; }

    /// <summary>Where its icon is.</summary>
    /// <value>Default null: it has none.</value>
    public string? IconUrl { get; init; }

    /// <summary>How one signs in, by name, each as a SecurityScheme: <c>{"httpAuthSecurityScheme":{"scheme":"Bearer"}}</c>.</summary>
    /// <value>Default null: one does not.</value>
    public IReadOnlyDictionary<string, JsonElement>? SecuritySchemes { get; init; }

    /// <summary>Which of the schemes are needed, any of these, each as a SecurityRequirement: <c>{"schemes":{"bearer":{"list":[]}}}</c>.</summary>
    /// <value>Default null: none.</value>
    public IReadOnlyList<JsonElement>? SecurityRequirements { get; init; }

    /// <summary>How it is written: camelCase names, nulls left out. For <c>Results.Json(card, A2AAgentCard.JsonTypeInfo)</c>.</summary>
    public static JsonTypeInfo<A2AAgentCard> JsonTypeInfo => Protocols.A2ACardContext.Readable.A2AAgentCard;

    /// <summary>The card as UTF-8 JSON.</summary>
    public byte[] ToUtf8Json() => JsonSerializer.SerializeToUtf8Bytes(this, JsonTypeInfo);
}
