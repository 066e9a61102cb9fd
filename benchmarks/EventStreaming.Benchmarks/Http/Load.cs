using System.Globalization;

namespace EventStreaming.Benchmarks.Http;

/// <summary>A server, and clients, that are told what to do.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly LoadProcess _server = new(LoadServer.Command);
    private readonly LoadProcess _clients = new(LoadClients.Command);
    private readonly Dictionary<LoadVariant, int> _connections = [];
    private string _port = string.Empty;
    private long _expected;

    public async Task StartAsync() => _port = await _server.ReadAsync();

    /// <summary>Opens connections, beside those the variant has.</summary>
    public async Task OpenAsync(LoadVariant variant, int connections)
    {
        _connections[variant] = _connections.GetValueOrDefault(variant) + connections;
        await _clients.AskAsync($"open {_port} {variant} {connections}");
        await UntilServedAsync(variant, _connections[variant]);
    }

    /// <summary>Closes the connections of all variants.</summary>
    public async Task CloseAsync()
    {
        await _clients.AskAsync("close");
        foreach (var variant in _connections.Keys)
        {
            await UntilServedAsync(variant, 0);
        }

        _connections.Clear();
        _expected = 0;
    }

    /// <summary>Publishes to a variant's connections, waits until every client has every event, and says what that cost the server for each delivery.</summary>
    public async Task<LoadCost> DeliverAsync(LoadVariant variant, LoadPace pace, int times = 1)
    {
        var before = await UsageAsync();
        for (var i = 0; i < times; i++)
        {
            await _server.AskAsync($"publish {variant} {pace.Ticks} {pace.EventsPerTick} {pace.MillisecondsApart}");
            _expected += (long)pace.Events * _connections[variant];
            await _clients.AskAsync($"expect {_expected}");
        }

        var after = await UsageAsync();
        var deliveries = (double)times * pace.Events * _connections[variant];
        return new LoadCost((after[0] - before[0]) / deliveries, (after[1] - before[1]) / deliveries);
    }

    public async Task<LoadMemory> MemoryAsync()
    {
        var numbers = await AskForNumbersAsync("memory");
        return new LoadMemory(numbers[0] - numbers[1], numbers[1], numbers[2]);
    }

    public async Task<double> FirstByteAsync(LoadVariant variant) => Parse(await _clients.AskAsync($"first-byte {_port} {variant}"));

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _server.DisposeAsync();
    }

    private static double Parse(string word) => double.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Microseconds of processor time, and bytes allocated.</summary>
    private Task<double[]> UsageAsync() => AskForNumbersAsync("usage");

    private async Task<double[]> AskForNumbersAsync(string command) => [.. (await _server.AskAsync(command)).Split(' ').Select(Parse)];

    /// <summary>A connection that was made is not served at once, and the framework's answers with nothing until its first event.</summary>
    private async Task UntilServedAsync(LoadVariant variant, int connections)
    {
        while (int.Parse(await _server.AskAsync($"count {variant}"), CultureInfo.InvariantCulture) != connections)
        {
            await Task.Yield();
        }
    }
}
