namespace EventStreaming.Interop.Tests.Support;

/// <summary>The package <c>eventsource</c> of npm, in Node.js.</summary>
internal sealed class NpmWatcher(Uri stream) : Watcher
{
    private readonly ChildProcess _node = ChildProcess.Start("node", [Path.Combine(Places.Clients, "npm-eventsource.mjs"), stream.AbsoluteUri]);

    public override async Task<Seen> NextAsync() => Seen.Parse(await _node.ReadLineAsync());

    public override ValueTask DisposeAsync() => _node.DisposeAsync();
}
