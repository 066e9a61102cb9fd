using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.AspNetCore;

/// <summary>The formats a socket's client may ask for.</summary>
internal sealed class SocketFormats(IList<EventEncoder> formats, SocketEncoders encoders)
{
    private readonly Dictionary<string, SocketMessageEncoder> _encoders = formats.ToDictionary(static format => format.Format, encoders.Get, StringComparer.Ordinal);
    private readonly SocketMessageEncoder _default = encoders.Get(formats[0]);

    public IEnumerable<string> Names => _encoders.Keys;

    /// <param name="format">Its name; null for the one that comes unasked.</param>
    /// <param name="encoder">Its encoder.</param>
    public bool TryGet(string? format, [NotNullWhen(true)] out SocketMessageEncoder? encoder)
    {
        encoder = _default;
        return format is null || _encoders.TryGetValue(format, out encoder);
    }
}
