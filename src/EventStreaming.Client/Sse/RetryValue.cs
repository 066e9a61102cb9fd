namespace EventStreaming.Client;

/// <summary>The value of a <c>retry</c> field, read digit by digit: nothing to buffer, however many there are.</summary>
internal struct RetryValue
{
    // The longest delay that every timer takes: 24 days.
    private const long Maximum = int.MaxValue;

    private long _milliseconds;
    private bool _any;
    private bool _invalid;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (!char.IsAsciiDigit((char)value))
            {
                _invalid = true;
                return;
            }

            _any = true;
            _milliseconds = Math.Min(Maximum, (_milliseconds * 10) + (value - '0'));
        }
    }

    /// <summary>The delay, if the value is one or more ASCII digits and nothing else: no number is in an empty value.</summary>
    public readonly bool TryGet(out TimeSpan delay)
    {
        delay = TimeSpan.FromMilliseconds(_milliseconds);
        return _any && !_invalid;
    }
}
