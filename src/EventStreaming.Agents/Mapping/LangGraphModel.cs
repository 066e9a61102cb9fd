namespace EventStreaming.Agents.Mapping;

/// <summary>A model that is being asked: what its chunks said of its tokens, in case its end does not.</summary>
internal sealed class LangGraphModel
{
    public bool HasThought { get; set; }

    public long? Read { get; private set; }

    public long? Written { get; private set; }

    public void Count((long? Read, long? Written) usage)
    {
        Read = Sum(Read, usage.Read);
        Written = Sum(Written, usage.Written);
    }

    private static long? Sum(long? sum, long? more) => more is >= 0 and < 1L << 40 ? (sum ?? 0) + more : sum;
}
