using System.Net;
using System.Net.Sockets;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>
/// Finds a port that stays free while nobody listens there: below those that the system gives to outgoing connections, of which a
/// client's next try to reconnect may be one.
/// </summary>
internal static class FreePort
{
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(12_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
