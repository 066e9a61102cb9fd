using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.EventSources;

[TestFixture]
internal sealed class NpmEventSourceTests : EventSourceTests
{
    protected override Task<Watcher> WatchAsync(Uri page, Uri stream) => Task.FromResult<Watcher>(new NpmWatcher("npm-eventsource.mjs", stream.AbsoluteUri));
}
