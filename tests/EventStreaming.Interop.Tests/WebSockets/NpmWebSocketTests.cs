using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.WebSockets;

[TestFixture]
internal sealed class NpmWebSocketTests : WebSocketTests
{
    protected override Task<Watcher> WatchAsync(Uri page, Uri socket, string[] topics) =>
        Task.FromResult<Watcher>(new NpmWatcher("npm-ws.mjs", [socket.AbsoluteUri, .. topics]));
}
