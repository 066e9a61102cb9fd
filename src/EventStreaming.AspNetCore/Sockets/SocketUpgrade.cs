using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Puts a <see cref="CoalescingStream"/> between a request's connection and the WebSocket made of it: over HTTP/1.1, where a request is upgraded, and
/// HTTP/2, where it connects.
/// </summary>
internal sealed class SocketUpgrade : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    private readonly IHttpUpgradeFeature? _upgrade;
    private readonly IHttpExtendedConnectFeature? _connect;

    private SocketUpgrade(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect) => (_upgrade, _connect) = (upgrade, connect);

    /// <summary>The connection of the accepted WebSocket.</summary>
    public CoalescingStream? Connection { get; private set; }

    public bool IsUpgradableRequest => _upgrade is { IsUpgradableRequest: true };

    public bool IsExtendedConnect => _connect is { IsExtendedConnect: true };

    public string? Protocol => _connect?.Protocol;

    /// <summary>Takes its place in a request, if the server has connections to give; a test's server makes WebSockets itself.</summary>
    public static bool TryPrepare(HttpContext context)
    {
        var features = context.Features;
        var (upgrade, connect) = (features.Get<IHttpUpgradeFeature>(), features.Get<IHttpExtendedConnectFeature>());
        if (upgrade is null && connect is null)
        {
            return false;
        }

        var ours = new SocketUpgrade(upgrade, connect);
        features.Set(ours);
        features.Set<IHttpUpgradeFeature>(ours);
        features.Set<IHttpExtendedConnectFeature>(ours);

        // What UseWebSockets has put there would go to the connection itself.
        features.Set<IHttpWebSocketFeature>(null);
        return true;
    }

    public async Task<Stream> UpgradeAsync() => Connection = new CoalescingStream(await _upgrade!.UpgradeAsync().ConfigureAwait(false)); // It said it could.

    public async ValueTask<Stream> AcceptAsync() => Connection = new CoalescingStream(await _connect!.AcceptAsync().ConfigureAwait(false)); // As above.
}
