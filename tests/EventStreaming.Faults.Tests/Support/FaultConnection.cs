using System.Net.Sockets;

namespace EventStreaming.Faults.Tests.Support;

/// <summary>One connection through the proxy.</summary>
/// <param name="number">How many there were before it.</param>
/// <param name="client">The side of the client.</param>
/// <param name="server">The side of the server.</param>
internal sealed class FaultConnection
{
    private readonly Socket _client;
    private readonly Socket _server;
    private int _isCut;

    public FaultConnection(int number, Socket client, Socket server)
    {
        (Number, _client, _server) = (number, client, server);
        ToServer = new FaultFlow(client, server, Cut);
        ToClient = new FaultFlow(server, client, Cut);
    }

    public int Number { get; }

    /// <summary>What the client sends.</summary>
    public FaultFlow ToServer { get; }

    /// <summary>What the server sends.</summary>
    public FaultFlow ToClient { get; }

    /// <summary>Completes when nothing is left of it.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Start() => Ended = RunAsync();

    /// <summary>Ends both sides at once.</summary>
    /// <param name="byReset">By RST, which takes along all that the receiver has not read yet; else by FIN, behind all that was given on.</param>
    public void Cut(bool byReset)
    {
        if (Interlocked.Exchange(ref _isCut, 1) != 0)
        {
            return;
        }

        foreach (var side in (Socket[])[_client, _server])
        {
            if (byReset)
            {
                side.LingerState = new LingerOption(enable: true, seconds: 0);
            }

            side.Dispose();
        }

        ToServer.Stop();
        ToClient.Stop();
    }

    /// <summary>Gives nothing on any more, in either direction, and takes nothing more than buffers do.</summary>
    public void Stall()
    {
        ToServer.Hold();
        ToClient.Hold();
    }

    /// <summary>Takes what either side sends, its end too, and gives on nothing of it: as when the other side's machine has lost its power.</summary>
    public void Vanish()
    {
        ToServer.Swallow();
        ToClient.Swallow();
    }

    private async Task RunAsync()
    {
        await Task.WhenAll(ToServer.RunAsync(), ToClient.RunAsync());
        Cut(byReset: false);
    }
}
