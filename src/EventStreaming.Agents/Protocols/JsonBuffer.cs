using System.Buffers;
using System.Text.Json;

namespace EventStreaming.Agents.Protocols;

/// <summary>A buffer and a writer into it.</summary>
internal sealed class JsonBuffer
{
    private readonly ArrayBufferWriter<byte> _buffer = new(512);

    public JsonBuffer() => Json = WriteTo(_buffer);

    public Utf8JsonWriter Json { get; }

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written
    {
        get
        {
            Json.Flush();
            return _buffer.WrittenMemory;
        }
    }

    /// <summary>Writes something that is JSON already, or a piece of it.</summary>
    public void Raw(ReadOnlySpan<byte> utf8)
    {
        Json.Flush();
        _buffer.Write(utf8);
    }

    /// <summary>Forgets where in the JSON the writer is, and keeps what was written.</summary>
    public Utf8JsonWriter Restart()
    {
        Json.Flush();
        Json.Reset();
        return Json;
    }

    /// <summary>Begins anew.</summary>
    public JsonBuffer Clear()
    {
        Json.Flush();
        _buffer.ResetWrittenCount();
        Json.Reset();
        return this;
    }

    /// <remarks>Never disposed: a writer into a buffer holds nothing that must be given back.</remarks>
    private static Utf8JsonWriter WriteTo(ArrayBufferWriter<byte> buffer) => new(buffer, ProtocolJson.Options);
}
