namespace EventStreaming.Interop.Tests.Support;

/// <summary>A package of npm, in Node.js.</summary>
/// <param name="script">Which.</param>
/// <param name="arguments">What it is given.</param>
internal sealed class NpmWatcher(string script, params IEnumerable<string> arguments) : Watcher
{
    private readonly ChildProcess _node = ChildProcess.Start("node", [Path.Combine(Places.Clients, script), .. arguments]);

    public override async Task<Seen> NextAsync() => Seen.Parse(await _node.ReadLineAsync());

    public override ValueTask DisposeAsync() => _node.DisposeAsync();
}
