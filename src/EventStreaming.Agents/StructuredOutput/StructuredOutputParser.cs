using System.Text;

namespace EventStreaming.Agents;

/// <summary>
/// Reads the output of an orchestrating model while it streams in, split anywhere: thinking blocks, queries with their results, a summary,
/// visualizations, and the text around them. The package's README has the grammar.
/// </summary>
/// <remarks>
/// <para>
/// Text is never lost: what is no block in the end, as its end is missing, a mark misspelt, another block opened inside it, its JSON broken or
/// its length beyond <see cref="StructuredOutputOptions.MaxBlockLength"/>, comes out as text. What has been given up so is not read again, so that
/// the time is linear in the length of the output whatever is in it; the memory is that of one block.
/// </para>
/// <para>Text is passed on at once but for an end that may begin a mark. Where and how often the output is split changes nothing in what is found.</para>
/// <para>Not thread-safe: one parser reads one output at a time. Plain text allocates nothing.</para>
/// </remarks>
public sealed class StructuredOutputParser
{
    private const int DecodedAtOnce = 2_048;

    private readonly StructuredOutputHandler _handler;
    private readonly OutputContents _contents;
    private readonly int _maxBlockLength;
    private readonly OutputBlock _block = new();
    private readonly char[] _mayBeMark = new char[OutputMarkSet.Longest];
    private readonly OutputText _text;
    private readonly ThinkingStream _thinking;
    private int _mayBeMarkLength;
    private Place _place;
    private OutputMark _fence;
    private int _results;
    private JsonBalance _balance;
    private char _previous;
    private bool _hasBegun;
    private bool _hasSummary;
    private Decoder? _decoder;
    private char[]? _decoded;
    private long _examined;

    /// <summary>Creates a parser.</summary>
    /// <param name="handler">Is told what is found, on the thread that appends.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public StructuredOutputParser(StructuredOutputHandler handler, StructuredOutputOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new StructuredOutputOptions();
        options.Validate();
        _handler = handler;
        _maxBlockLength = options.MaxBlockLength;
        _contents = new OutputContents(handler, options.ResultType);
        _text = new OutputText(handler);
        _thinking = new ThinkingStream(handler, _block);
        Reset();
    }

    private enum Place
    {
        Text,
        Thinking,
        Query,
        Results,
        Citations,
        Fence,
        Object,
    }

    /// <summary>Characters looked at, those looked at twice counted twice: for tests that the work is linear.</summary>
    internal long Examined => _examined;

    /// <summary>The most characters held at a time since the parser was made: for tests that memory is bounded.</summary>
    internal int MostHeld { get; private set; }

    // Of a text, only the end can be held; of a block, all of it.
    private int Room => _place == Place.Text ? int.MaxValue : _maxBlockLength - _block.Length - _mayBeMarkLength;

    private OutputMarkSet Marks => _place switch
    {
        Place.Text => OutputMarkSet.InText,
        Place.Thinking => OutputMarkSet.InThinking,
        Place.Fence => OutputMarkSet.InFence,
        _ => OutputMarkSet.InSection,
    };

    /// <summary>Reads the next piece of the output. The handler is told whatever is then known.</summary>
    /// <param name="chunk">The piece; it is not kept.</param>
    public void Append(ReadOnlySpan<char> chunk)
    {
        while (!chunk.IsEmpty)
        {
            var room = Room;
            if (room == 0)
            {
                GiveUp();
                continue;
            }

            var window = chunk[..Math.Min(room, chunk.Length)];
            var read = _place == Place.Object ? ReadObject(window) : _mayBeMarkLength > 0 ? ReadMark(window) : Read(window);
            MostHeld = Math.Max(MostHeld, _block.Length + _mayBeMarkLength);
            chunk = chunk[read..];
        }
    }

    /// <summary>Reads the next piece of the output, in UTF-8; a character may be split between pieces. Bytes that are none become U+FFFD.</summary>
    /// <param name="chunk">The piece; it is not kept.</param>
    public void AppendUtf8(ReadOnlySpan<byte> chunk)
    {
        _decoder ??= Encoding.UTF8.GetDecoder();
        _decoded ??= new char[DecodedAtOnce];
        while (!chunk.IsEmpty)
        {
            _decoder.Convert(chunk, _decoded, flush: false, out var bytes, out var chars, out _);
            Append(_decoded.AsSpan(0, chars));
            chunk = chunk[bytes..];
        }
    }

    /// <summary>The output has ended: what was held is told, and the parser is as new, ready for the next output.</summary>
    public void Finish()
    {
        if (_decoder is not null)
        {
            _decoder.Convert([], _decoded, flush: true, out _, out var chars, out _);
            Append(_decoded.AsSpan(0, chars));
        }

        var rest = _mayBeMarkLength;
        _mayBeMarkLength = 0;
        Take(_mayBeMark.AsSpan(0, rest));
        if (_place == Place.Results)
        {
            CompleteResults();
        }
        else if (_place != Place.Text)
        {
            GiveUp();
        }

        _text.Flush();
        Reset();
    }

    private void Reset()
    {
        _previous = '\n';
        _hasBegun = false;
        _hasSummary = false;
        _contents.Reset();
    }

    /// <summary>Reads up to the first mark, or what may become one.</summary>
    /// <returns>How many characters were read.</returns>
    private int Read(ReadOnlySpan<char> window)
    {
        if (!_hasBegun)
        {
            var lead = window.Length - window.TrimStart().Length;
            _examined += lead + 1;
            _hasBegun = lead < window.Length;
            if (_hasBegun && window[lead] == '{')
            {
                Take(window[..lead]);
                _text.Flush();
                _balance = default;
                _place = Place.Object;
                return lead;
            }
        }

        var marks = Marks;
        var at = 0;
        while (at < window.Length)
        {
            var found = marks.IndexOfFirst(window[at..]);
            if (found < 0)
            {
                _examined += window.Length - at;
                break;
            }

            _examined += found + 1;
            at += found;
            var length = marks.Match(window[at..], at > 0 ? window[at - 1] : _previous, out var mark, ref _examined);
            if (length > 0)
            {
                Take(window[..at]);
                OnMark(mark, window.Slice(at, length));
                return at + length;
            }

            if (length == OutputMarkSet.Partial)
            {
                Take(window[..at]);
                window[at..].CopyTo(_mayBeMark);
                _mayBeMarkLength = window.Length - at;
                return window.Length;
            }

            at++;
        }

        Take(window);
        return window.Length;
    }

    /// <summary>Goes on with what may become a mark, by one character.</summary>
    private int ReadMark(ReadOnlySpan<char> window)
    {
        _mayBeMark[_mayBeMarkLength++] = window[0];
        var held = _mayBeMark.AsSpan(0, _mayBeMarkLength);
        var at = 0;
        var length = 0;
        var mark = default(OutputMark);
        while (at < held.Length && length == 0)
        {
            length = Marks.Match(held[at..], at > 0 ? held[at - 1] : _previous, out mark, ref _examined);
            at += length == 0 ? 1 : 0;
        }

        // What is not part of it leaves first, while the block is not full.
        _mayBeMarkLength = length == OutputMarkSet.Partial ? held.Length - at : 0;
        Take(held[..at]);
        if (length > 0)
        {
            OnMark(mark, held[at..]);
        }

        held[at..].CopyTo(_mayBeMark);
        return 1;
    }

    private int ReadObject(ReadOnlySpan<char> window)
    {
        var end = _balance.Read(window);
        var read = end < 0 ? window.Length : end;
        _examined += read;
        _block.Append(window[..read]);
        _previous = window[read - 1];
        if (end >= 0)
        {
            Complete(_contents.TryObject(_block.Span));
        }

        return read;
    }

    /// <summary>Takes what is no mark: it belongs to the text, or to the block that is open.</summary>
    private void Take(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        _previous = text[^1];
        if (_place == Place.Text)
        {
            _text.Write(text);
            return;
        }

        _block.Append(text);
        if (_place == Place.Thinking)
        {
            _thinking.Continue(text);
        }
    }

    private void OnMark(OutputMark mark, ReadOnlySpan<char> raw)
    {
        _previous = raw[^1];
        switch (_place, mark)
        {
            case (Place.Text, _):
                Begin(mark, raw);
                return;
            case (Place.Query, OutputMark.Results):
                _results = _block.Length;
                _place = Place.Results;
                _block.Append(raw);
                return;
            case (Place.Results, OutputMark.Results):
                _block.Append(raw);
                return;
            case (Place.Thinking, OutputMark.ThinkingEnd):
                _thinking.End();
                _block.Append(raw);
                Complete(_contents.TryThinking(_block.Span));
                return;
            case (Place.Fence, OutputMark.FenceEnd):
                _block.Append(raw);
                Complete(_contents.TryFence(_block.Span, _fence == OutputMark.VisualizationFence));
                return;
            case (Place.Citations, OutputMark.Analysis):
                Complete(_contents.TryCitations(_block.Span));
                break;
            case (Place.Results, _):
                CompleteResults();
                break;
            default:
                GiveUp();
                break;
        }

        Begin(mark, raw);
    }

    private void Begin(OutputMark mark, ReadOnlySpan<char> raw)
    {
        if (mark == OutputMark.Results || (mark == OutputMark.Analysis && _hasSummary))
        {
            _text.Write(raw);
            return;
        }

        _text.Flush();
        switch (mark)
        {
            case OutputMark.Analysis:
                _hasSummary = true;
                _handler.OnBlock(raw);
                _handler.OnSummaryStarted();
                return;
            case OutputMark.ThinkingStart:
                _place = Place.Thinking;
                break;
            case OutputMark.Query:
                _place = Place.Query;
                break;
            case OutputMark.Citations:
                _place = Place.Citations;
                break;
            default:
                _place = Place.Fence;
                _fence = mark;
                break;
        }

        _block.Append(raw);
        if (_place == Place.Thinking)
        {
            _thinking.Begin();
        }
    }

    private void CompleteResults() => Complete(_contents.TryResults(_block.Span, _results));

    /// <summary>The block has ended: it was recognised, or is text.</summary>
    private void Complete(bool isRecognised)
    {
        _examined += _block.Length;
        if (isRecognised)
        {
            _block.Clear();
            _place = Place.Text;
        }
        else
        {
            GiveUp();
        }
    }

    /// <summary>What is held is text.</summary>
    private void GiveUp()
    {
        if (_place == Place.Thinking)
        {
            _handler.OnThinkingAbandoned();
        }

        _place = Place.Text;
        _text.Write(_block.Span);
        _block.Clear();
        var rest = _mayBeMark.AsSpan(0, _mayBeMarkLength);
        _mayBeMarkLength = 0;
        _text.Write(rest);
        _previous = rest.IsEmpty ? _previous : rest[^1];
    }
}
