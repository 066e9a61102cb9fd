using System.Security.Cryptography;
using System.Text;

namespace AgentHost.Jobs.Assistant;

/// <summary>What models have answered, by all that they were given: a file that has changed since makes it another question. Bounded; the oldest goes first. Thread-safe.</summary>
internal sealed class AnswerCache
{
    private const int Capacity = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>The key of a question.</summary>
    public static string KeyOf(params IEnumerable<string> given)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in given)
        {
            // With its length, so that where one part ends is part of it.
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public string? Find(string key)
    {
        lock (_gate)
        {
            return _answers.GetValueOrDefault(key);
        }
    }

    public void Add(string key, string answer)
    {
        lock (_gate)
        {
            if (_answers.TryAdd(key, answer))
            {
                _order.Enqueue(key);
                if (_order.Count > Capacity)
                {
                    _answers.Remove(_order.Dequeue());
                }
            }
        }
    }
}
