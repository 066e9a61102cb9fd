namespace EventStreaming.Client;

/// <summary>What sends the requests of all clients: it adds nothing by itself and goes nowhere by itself.</summary>
internal static class BareHandler
{
    public static SocketsHttpHandler Create(Action<SocketsHttpHandler>? configure)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // What is left of a stream would otherwise be read for up to two seconds, to use the connection again: there is no end to get to.
            MaxResponseDrainSize = 0,
            ResponseDrainTimeout = TimeSpan.Zero,

            // Without it an address is looked up once in the life of the process.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
        configure?.Invoke(handler);
        return handler;
    }
}
