using System.Text.Json;

namespace EventStreaming.Agents.Chat;

/// <summary>The tool calls and the requests for approval of a run that wait, maybe longer than the response that they were in. Thread-safe.</summary>
internal sealed class OpenCalls
{
    private readonly Lock _gate = new();
    private readonly List<(string CallId, AgentToolCall Call)> _calls = [];
    private readonly Dictionary<string, (string InputId, Task<JsonElement> Answer)> _requests = new(StringComparer.Ordinal);

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _calls.Count == 0 && _requests.Count == 0;
            }
        }
    }

    /// <summary>The open call of an id; null when there is none, or it cannot be told apart as the id is empty.</summary>
    public AgentToolCall? Find(string callId)
    {
        lock (_gate)
        {
            DropEnded();
            return callId.Length == 0 ? null : _calls.Find(open => string.Equals(open.CallId, callId, StringComparison.Ordinal)).Call;
        }
    }

    public void Add(string callId, AgentToolCall call)
    {
        lock (_gate)
        {
            _calls.Add((callId, call));
        }
    }

    /// <summary>The call that a result is of, which waits no longer; null when there is none.</summary>
    public AgentToolCall? Take(string callId)
    {
        lock (_gate)
        {
            DropEnded();
            var index = _calls.FindIndex(open => string.Equals(open.CallId, callId, StringComparison.Ordinal));
            if (index < 0)
            {
                return null;
            }

            var call = _calls[index].Call;
            _calls.RemoveAt(index);
            return call;
        }
    }

    public void Remove(AgentToolCall call)
    {
        lock (_gate)
        {
            _calls.RemoveAll(open => ReferenceEquals(open.Call, call));
        }
    }

    /// <summary>The answer to a request; null when it was never asked.</summary>
    public Task<JsonElement>? FindAnswer(string requestId)
    {
        lock (_gate)
        {
            return _requests.GetValueOrDefault(requestId).Answer;
        }
    }

    /// <param name="requestId">The request, as the model's side calls it: two runs may have the same.</param>
    /// <param name="inputId">What it is told as, which no other question of the topic is.</param>
    /// <param name="answer">What waits for it.</param>
    public void AddRequest(string requestId, string inputId, Task<JsonElement> answer)
    {
        lock (_gate)
        {
            _requests[requestId] = (inputId, answer);
        }
    }

    /// <returns>What it was told as; null when it was never asked.</returns>
    public string? TakeRequest(string requestId)
    {
        lock (_gate)
        {
            return _requests.Remove(requestId, out var request) ? request.InputId : null;
        }
    }

    /// <summary>A failed attempt's calls end without a result, and the next may have the same ids.</summary>
    private void DropEnded() => _calls.RemoveAll(static open => open.Call.IsEnded);
}
