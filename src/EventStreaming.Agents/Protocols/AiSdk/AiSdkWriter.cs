using System.Text.Json;

namespace EventStreaming.Agents.Protocols;

/// <summary>Writes a stream's chunks, one to a message.</summary>
internal sealed class AiSdkWriter
{
    private readonly JsonBuffer _chunk = new();
    private IMessageWriter? _output;

    /// <summary>Where what follows goes.</summary>
    public AiSdkWriter To(IMessageWriter output)
    {
        _output = output;
        return this;
    }

    /// <summary>The chunks that the event is in every stream.</summary>
    public void Write(StreamEvent item)
    {
        var lines = AiSdkEncoder.Shared.GetBytes(item).Span;
        foreach (var line in lines.Split((byte)'\n'))
        {
            if (lines[line] is { IsEmpty: false } chunk)
            {
                _output!.Write(chunk);
            }
        }
    }

    /// <summary>A writer for one chunk of this stream alone.</summary>
    public Utf8JsonWriter Begin() => _chunk.Clear().Json;

    /// <summary>Sends it.</summary>
    public void End() => _output!.Write(_chunk.Written.Span);

    public void Chunk(ReadOnlySpan<byte> type)
    {
        AiSdkChunks.Write(Begin(), type);
        End();
    }

    public void Boundary(ReadOnlySpan<byte> type, string id, StreamEvent? item = null)
    {
        AiSdkChunks.WriteBoundary(Begin(), type, id, item);
        End();
    }

    public void Delta(ReadOnlySpan<byte> type, string id, ReadOnlySpan<char> text)
    {
        AiSdkChunks.WriteDelta(Begin(), type, id, text);
        End();
    }

    /// <summary>Ends a stream before its message: a client must not take it for the end of that.</summary>
    public void Cut(EndReason reason)
    {
        AiSdkChunks.WriteError(Begin(), $"The stream has ended before the message ({reason}). Resume it.");
        End();
        Done();
    }

    /// <summary>What every stream ends with, so that a client can tell an end from a cut.</summary>
    public void Done() => _output!.Write("[DONE]"u8);
}
