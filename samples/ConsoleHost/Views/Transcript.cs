using System.Text;

namespace ConsoleHost.Views;

/// <summary>
/// Lines, and text that is streamed piece by piece, on one console: a line never breaks into streamed text, and streamed text can be held
/// back while something else has the screen. Thread-safe.
/// </summary>
/// <param name="write">Writes to the console; called by one thread at a time.</param>
/// <param name="holdText">Whether to hold streamed text back until <see cref="ReleaseText"/>.</param>
internal sealed class Transcript(Action<string> write, bool holdText = false)
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _waitingLines = new();
    private readonly StringBuilder _heldText = new();
    private bool _holdText = holdText;
    private bool _inText;

    /// <summary>Writes a line; if streamed text has not ended its own, after that.</summary>
    public void Line(string line)
    {
        lock (_gate)
        {
            if (_inText)
            {
                _waitingLines.Append(Printable(line)).Append('\n');
            }
            else
            {
                write(Printable(line) + '\n');
            }
        }
    }

    /// <summary>Writes a piece of streamed text.</summary>
    public void Text(string piece)
    {
        lock (_gate)
        {
            if (_holdText)
            {
                _heldText.Append(piece);
            }
            else if (piece.Length > 0)
            {
                write(Printable(piece));
                _inText = piece[^1] != '\n';
                WriteWaitingLines();
            }
        }
    }

    /// <summary>No more streamed text comes: ends its line if it has not.</summary>
    public void EndText()
    {
        lock (_gate)
        {
            if (_holdText ? _heldText is { Length: > 0 } held && held[^1] != '\n' : _inText)
            {
                Text("\n");
            }
        }
    }

    /// <summary>The screen is free: writes the text held back, and holds no more.</summary>
    public void ReleaseText()
    {
        lock (_gate)
        {
            _holdText = false;
            Text(_heldText.ToString());
            _heldText.Clear();
        }
    }

    /// <summary>Names of files may hold what a terminal would take for a command.</summary>
    private static string Printable(string text) =>
        text.All(static c => !char.IsControl(c) || c == '\n')
            ? text
            : string.Concat(text.Select(static c => char.IsControl(c) && c != '\n' ? '?' : c));

    private void WriteWaitingLines()
    {
        if (!_inText && _waitingLines.Length > 0)
        {
            write(_waitingLines.ToString());
            _waitingLines.Clear();
        }
    }
}
