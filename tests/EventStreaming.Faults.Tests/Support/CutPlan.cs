namespace EventStreaming.Faults.Tests.Support;

/// <summary>Cuts the first so many connections, each at a random byte of what the server sends, one in eight within its headers; by RST or FIN.</summary>
internal sealed class CutPlan(int seed, int cuts, int maxBytes)
{
    private const int HeaderBytes = 300;
#pragma warning disable CA5394 // It is to be the same again for the same seed.
    private readonly Random _random = new(seed);
    private int _planned;

    public void Apply(FaultConnection connection)
    {
        if (_planned < cuts)
        {
            _planned++;
            connection.ToClient.CutAt(_random.Next(_random.Next(8) == 0 ? HeaderBytes : maxBytes), byReset: _random.Next(2) == 0);
        }
    }
#pragma warning restore CA5394
}
