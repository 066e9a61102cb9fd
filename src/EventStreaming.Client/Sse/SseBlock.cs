using System.Text;
using System.Text.Unicode;

namespace EventStreaming.Client;

/// <summary>
/// The block of lines at hand, up to the blank one, and what outlives it. A value goes straight to where it is kept, so no line is ever held;
/// and it counts only once its line has ended.
/// </summary>
internal sealed class SseBlock
{
    private const string DefaultEventType = "message";
    private const byte Lf = (byte)'\n';

    private readonly BoundedBuffer _data;
    private readonly BoundedBuffer _value;
    private readonly EventTypeNames _names = new();
    private SseField _field;
    private RetryValue _retry;
    private bool _hasData;
    private string _eventType = DefaultEventType;
    private string? _id;

    public SseBlock(SseReaderOptions options, string? lastEventId)
    {
        _data = new BoundedBuffer(options.MaxEventBytes, "An event's data", nameof(options.MaxEventBytes));
        _value = new BoundedBuffer(options.MaxNameBytes, "An event's name or id", nameof(options.MaxNameBytes));
        _id = LastEventId = string.IsNullOrEmpty(lastEventId) ? null : lastEventId;
    }

    public string? LastEventId { get; private set; }

    public TimeSpan? Retry { get; private set; }

    /// <summary>The memory in use for values, in bytes.</summary>
    public int Capacity => _data.Capacity + _value.Capacity;

    public void BeginField(SseField field)
    {
        _field = field;
        _value.Clear();
        _retry = default;
        if (field == SseField.Data)
        {
            if (_hasData)
            {
                _data.Append([Lf]);
            }

            _hasData = true;
        }
    }

    public void AppendValue(ReadOnlySpan<byte> bytes)
    {
        switch (_field)
        {
            case SseField.Data:
                _data.Append(bytes);
                break;
            case SseField.Event or SseField.Id:
                _value.Append(bytes);
                break;
            case SseField.Retry:
                _retry.Append(bytes);
                break;
            default:
                break;
        }
    }

    public void EndField()
    {
        switch (_field)
        {
            case SseField.Event:
                _eventType = _value.Length == 0 ? DefaultEventType : _names.Get(_value.Written);
                break;
            case SseField.Id when !_value.Written.Contains((byte)0):
                _id = _value.Length == 0 ? null : Encoding.UTF8.GetString(_value.Written);
                break;
            case SseField.Retry when _retry.TryGet(out var delay):
                Retry = delay;
                break;
            default:
                break;
        }
    }

    /// <summary>Ends the block. One without data commits its id and is no event.</summary>
    public bool TryDispatch(out SseFrame frame)
    {
        LastEventId = _id;
        frame = _hasData ? new SseFrame(_eventType, TakeData(), _id) : default;
        var dispatched = _hasData;
        _hasData = false;
        _eventType = DefaultEventType;
        return dispatched;
    }

    private byte[] TakeData()
    {
        var written = _data.Written;
        var data = Utf8.IsValid(written) ? written.ToArray() : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(written));
        _data.Clear();
        return data;
    }
}
