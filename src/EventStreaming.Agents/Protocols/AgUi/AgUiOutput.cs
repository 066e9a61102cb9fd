using System.Buffers;
using System.Text.Json;

namespace EventStreaming.Agents.Protocols.AgUi;

/// <summary>Where a connection's frames go: those made once for all connections, and those that are its own.</summary>
internal sealed class AgUiOutput
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private readonly ArrayBufferWriter<byte> _head = new(128);

    /// <summary>Set for the time of a call.</summary>
    public IMessageWriter? Target { get; set; }

    /// <summary>Writes an event's frames.</summary>
    /// <param name="item">The event.</param>
    /// <param name="run">Its run.</param>
    /// <param name="first">The first frame to write.</param>
    /// <param name="count">How many.</param>
    /// <returns>False: the event cannot be written, and what says so was written in its place.</returns>
    public bool TryWrite(StreamEvent item, AgUiRun run, int first = 0, int count = int.MaxValue)
    {
        var bytes = AgUiEncoder.For(run.View).GetBytes(item).Span;
        if (bytes.StartsWith("{\"type\":\"CUSTOM\""u8))
        {
            Target!.Write(bytes);
            return false;
        }

        var index = 0;
        foreach (var line in bytes.Split((byte)'\n'))
        {
            if (index >= first && index - first < count)
            {
                Target!.Write(bytes[line]);
            }

            index++;
        }

        return true;
    }

    /// <summary>Writes an event that has no word in AG-UI.</summary>
    public void WriteCustom(StreamEvent item, AgUiRun run) => Target!.Write(AgUiEncoder.For(run.View).GetBytes(item).Span);

    /// <summary>Writes frames that are made for this connection.</summary>
    /// <param name="run">The run.</param>
    /// <param name="item">The event they come from, or null.</param>
    /// <param name="write">Makes them.</param>
    public void Write(AgUiRun run, StreamEvent? item, Action<AgUiFrames> write)
    {
        var bytes = Make(run, item, write);
        foreach (var line in bytes.Split((byte)'\n'))
        {
            Target!.Write(bytes[line]);
        }
    }

    /// <summary>Makes frames and hands them out. Good until the next are made.</summary>
    public ReadOnlySpan<byte> Make(AgUiRun run, StreamEvent? item, Action<AgUiFrames> write)
    {
        _buffer.ResetWrittenCount();
        using (var frames = new AgUiFrames(_buffer, item, run.Key, run.View))
        {
            write(frames);
        }

        return _buffer.WrittenSpan;
    }

    /// <summary>Writes a frame with the ids that only the connection knows before what it has.</summary>
    public void WriteWithIds(ReadOnlySpan<byte> frame, string threadId, string runId)
    {
        _head.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_head, ProtocolJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("threadId"u8, threadId);
            writer.WriteString("runId"u8, runId);
            writer.Flush();
        }

        // Not closed: the frame goes on where this ends.
        _head.Write(","u8);
        _head.Write(frame[1..]);
        Target!.Write(_head.WrittenSpan);
    }
}
