using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming;

/// <summary>An event type whose payload is a <typeparamref name="TData"/> (or raw JSON, as <see cref="JsonPayload"/>).</summary>
/// <typeparam name="TData">The payload's type.</typeparam>
/// <remarks>
/// The functions given here run on the publisher's thread, before the event gets its place; they must be quick, free of
/// side effects and thread-safe. What they throw reaches the publisher, and nothing is published.
/// </remarks>
public sealed class EventTypeDescriptor<TData> : EventTypeDescriptor
{
    private readonly JsonTypeInfo<TData>? _jsonTypeInfo;

    /// <summary>Declares a type with a typed payload.</summary>
    /// <param name="name">The name, as for <see cref="EventTypeDescriptor(string)"/>.</param>
    /// <param name="jsonTypeInfo">Source-generated JSON metadata of the payload; null leaves it to the encoder's options.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    public EventTypeDescriptor(string name, JsonTypeInfo<TData>? jsonTypeInfo = null)
        : base(name) => _jsonTypeInfo = jsonTypeInfo;

    /// <summary>
    /// Says of one payload whether its event is terminal, as for an error that is terminal unless it is recoverable.
    /// Null: <see cref="EventTypeDescriptor.Terminal"/> decides.
    /// </summary>
    public Func<TData, bool>? TerminalWhen { get; init; }

    /// <summary>
    /// What of the payload belongs to the key of <see cref="EventTypeDescriptor.LatestWins"/>, such as a tool call's id. Null: nothing. Raw JSON
    /// that is not a <typeparamref name="TData"/> has none.
    /// </summary>
    public Func<TData, string?>? Key { get; init; }

    /// <summary>
    /// The payload's size in bytes as every limit in bytes shall count it. Null: exact for raw JSON, strings and byte arrays,
    /// and <see cref="EventSize.Assumed"/> for any other object, which is not serialized to find out.
    /// </summary>
    public Func<TData, int>? Size { get; init; }

    /// <inheritdoc/>
    public override Type DataType => typeof(TData);

    /// <inheritdoc/>
    public override JsonTypeInfo? JsonTypeInfo => _jsonTypeInfo;

    /// <summary>
    /// An event of this type to be published, its payload checked by the compiler:
    /// <c>bus.Publish(topic, type.Draft(data) with { Source = "queen" })</c>. A bus whose catalog does not have this type refuses it, as there
    /// it would be a Normal one.
    /// </summary>
    public EventDraft Draft(TData data) => new(Name, data) { DraftedFrom = this };

    internal override EventJudgement Judge(object? data) => data switch
    {
        TData typed => Judge(typed, Size is null ? EventSize.OfPayload(data) : Math.Max(0, Size(typed))),
        JsonPayload json when TerminalWhen is not null && _jsonTypeInfo is not null => Judge(Read(json, _jsonTypeInfo), EventSize.OfPayload(json)),
        JsonPayload json when LatestWins && Key is not null && TryRead(json, out var read) => Judge(read, EventSize.OfPayload(json)),
        null or JsonPayload => base.Judge(data),
        _ => throw new ArgumentException(
            $"'{Name}' is declared with a payload of type {typeof(TData)}, but was published with {data.GetType()}. Publish the declared type, or a JsonPayload.",
            nameof(data)),
    };

    private EventJudgement Judge(TData typed, int size) =>
        new(GetTraits(TerminalWhen?.Invoke(typed) ?? Terminal), size, LatestWins ? Key?.Invoke(typed) : null);

    /// <summary>Raw JSON is asked the same questions as an object, or the same event would end a stream in one form and not in the other.</summary>
    private TData Read(JsonPayload json, JsonTypeInfo<TData> info)
    {
        try
        {
            return json.Read(info)
                ?? throw new JsonException("It is null.");
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The JSON published as '{Name}' is not a {typeof(TData)}: {exception.Message}", nameof(json), exception);
        }
    }

    /// <summary>What is only skipped or not, and ends nothing, is not refused for its shape.</summary>
    private bool TryRead(JsonPayload json, [MaybeNullWhen(false)] out TData read)
    {
        read = default;
        if (_jsonTypeInfo is null)
        {
            return false;
        }

        try
        {
            read = JsonSerializer.Deserialize(json.Utf8.Span, _jsonTypeInfo);
            return read is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
