using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Requests;

internal sealed class RefusalTests
{
    [Test]
    public async Task A_host_that_writes_problems_its_own_way_writes_these_too_for_those_who_accept_them()
    {
        await using var host = await StreamHost.StartAsync(configure: static builder =>
            builder.Services.AddProblemDetails(static options => options.CustomizeProblemDetails = static context => context.ProblemDetails.Extensions["host"] = "ours"));

        var problem = await host.RefusedAsync(StreamHost.PathOf("nope"), HttpStatusCode.NotFound);
        Assert.That(problem.GetProperty("host").GetString(), Is.EqualTo("ours"));
        problem = await host.RefusedAsync(StreamHost.PathOf("nope"), HttpStatusCode.NotFound, static request => request.Headers.Add("Accept", "text/event-stream"));
        Assert.That(problem.Detail(), Does.Contain("no such topic"));
    }

    [Test]
    public async Task A_refusal_is_logged_with_a_name_only_if_a_topic_can_have_it()
    {
        await using var host = await StreamHost.StartAsync();
        string[] names = ["made-up", "a\nforged line", new('x', 257)];
        foreach (var name in names)
        {
            await host.RefusedAsync(StreamHost.PathOf(name), HttpStatusCode.NotFound);
        }

        var lines = host.Log.Of(2002).Select(static entry => entry.Message).ToArray();
        string[] shown = ["'made-up'", "'(invalid)'", "'(invalid)'"];
        Assert.That(
            lines.Select(static line => line[line.IndexOf("of topic", StringComparison.Ordinal)..]),
            Is.EqualTo(shown.Select(static name => $"of topic {name} was refused with 404: no such topic.")));
        Assert.That(host.Bus.TopicCount, Is.Zero, "A made-up name creates no topic.");
    }

    [Test]
    public async Task No_refusal_may_be_kept_by_a_cache()
    {
        await using var host = await StreamHost.StartAsync();
        using var stream = await host.OpenAsync(StreamHost.PathOf("nope"));

        Assert.That(stream.Response.Headers.CacheControl!.NoStore, Is.True);
    }
}
