using System.Globalization;

namespace EventStreaming.Benchmarks.Http;

/// <summary>A server, and clients, that are told what to do.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly LoadProcess _server = new(LoadServer.Command);
    private readonly LoadProcess _clients = new(LoadClients.Command);
    private string _port = string.Empty;
    private LoadVariant _variant;
    private int _connections;
    private long _expected;

    public async Task StartAsync() => _port = await _server.ReadAsync();

    public async Task OpenAsync(LoadVariant variant, int connections)
    {
        (_variant, _connections, _expected) = (variant, connections, 0);
        await _clients.AskAsync($"open {_port} {variant} {connections}");
        await UntilServedAsync(connections);
    }

    public async Task CloseAsync()
    {
        await _clients.AskAsync("close");
        await UntilServedAsync(0);
    }

    /// <summary>Publishes, waits until every client has every event, and says what that cost the server for each delivery.</summary>
    public async Task<(double Microseconds, double Bytes)> DeliverAsync(int bursts, int events, int millisecondsApart)
    {
        var before = await UsageAsync();
        for (var burst = 0; burst < bursts; burst++)
        {
            await _server.AskAsync($"publish {_variant} {events} {millisecondsApart}");
            _expected += (long)events * _connections;
            await _clients.AskAsync($"expect {_expected}");
        }

        var after = await UsageAsync();
        var deliveries = (double)bursts * events * _connections;
        return ((after.Microseconds - before.Microseconds) / deliveries, (after.Bytes - before.Bytes) / deliveries);
    }

    public async Task<double> MemoryAsync() => double.Parse(await _server.AskAsync("memory"), CultureInfo.InvariantCulture);

    public async Task<double> FirstByteAsync(LoadVariant variant) =>
        double.Parse(await _clients.AskAsync($"first-byte {_port} {variant}"), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task<(double Microseconds, double Bytes)> UsageAsync()
    {
        var words = (await _server.AskAsync("usage")).Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A connection that was made is not served at once, and the framework's answers with nothing until its first event.</summary>
    private async Task UntilServedAsync(int connections)
    {
        while (int.Parse(await _server.AskAsync($"count {_variant}"), CultureInfo.InvariantCulture) != connections)
        {
            await Task.Yield();
        }
    }
}
