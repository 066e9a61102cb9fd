using EventStreaming.Benchmarks.Http;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// WebSockets: the server's processor time and allocations for each delivered event of 300 bytes, against a bare loop that sends messages made
/// beforehand, each by <c>WebSocket.SendAsync</c>. Paces as in <see cref="SseFigures"/>.
/// </summary>
internal sealed class SocketFigures : IFigureSource
{
    private static readonly LoadVariant[] s_variants = [LoadVariant.OurSocket, LoadVariant.BareSocket];

    public string Name => "ws";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var load = new Load();
        await load.StartAsync();
        var few = await OverAsync(
            load, connections: 100, new LoadPace(1, 200, 0), bursts: 5, new LoadPace(50, 10, MillisecondsApart: 10), new LoadPace(100, 1, MillisecondsApart: 5));
        var many = await OverAsync(
            load, connections: 1_000, new LoadPace(1, 100, 0), bursts: 1, new LoadPace(10, 10, MillisecondsApart: 100), new LoadPace(20, 1, MillisecondsApart: 25));
        return [.. few, .. many];
    }

    private static async Task<Figure[]> OverAsync(Load load, int connections, LoadPace burst, int bursts, LoadPace ticks, LoadPace single)
    {
        foreach (var variant in s_variants)
        {
            await load.OpenAsync(variant, connections);
        }

        Figure[] figures =
        [
            .. Tell($"ws.burst.{connections}", await LoadContest.RunAsync(load, burst, bursts, s_variants)),
            .. Tell($"ws.paced.{connections}", await LoadContest.RunAsync(load, ticks, times: 1, s_variants)),
            .. Tell($"ws.single.{connections}", await LoadContest.RunAsync(load, single, times: 1, s_variants)),
        ];
        await load.CloseAsync();
        return figures;
    }

    private static Figure[] Tell(string name, LoadContest result) =>
    [
        new Figure(
            name, result.Microseconds(LoadVariant.OurSocket), "µs/delivery", result.Ratio(LoadVariant.OurSocket, LoadVariant.BareSocket), Target.AtMost(1.4)),
        new Figure(name + ".bare-loop", result.Microseconds(LoadVariant.BareSocket), "µs/delivery"),
        new Figure(name + ".allocated", result.Bytes(LoadVariant.OurSocket), "B/delivery"),
        new Figure(name + ".bare-allocated", result.Bytes(LoadVariant.BareSocket), "B/delivery"),
    ];
}
