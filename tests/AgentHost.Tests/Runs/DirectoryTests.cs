using System.Net;
using AgentHost.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Runs;

internal sealed class DirectoryTests
{
    [TestCase("..", HttpStatusCode.Forbidden)]
    [TestCase("inside/../..", HttpStatusCode.Forbidden)]
    [TestCase("/", HttpStatusCode.Forbidden)]
    [TestCase("/etc", HttpStatusCode.Forbidden)]
    [TestCase("../no-such-place", HttpStatusCode.Forbidden)]
    [TestCase("out", HttpStatusCode.Forbidden)]
    [TestCase("out/below", HttpStatusCode.Forbidden)]
    [TestCase("inside/up/..", HttpStatusCode.Forbidden)]
    [TestCase("no-such-place", HttpStatusCode.BadRequest)]
    [TestCase("file.txt", HttpStatusCode.BadRequest)]
    [TestCase("circle", HttpStatusCode.BadRequest)]
    [TestCase("a\\u0000b", HttpStatusCode.BadRequest)]
    public async Task A_directory_that_is_not_below_the_root_is_refused(string directory, HttpStatusCode expected)
    {
        await using var host = await TestHost.StartAsync();
        using var elsewhere = new TempDirectory().Write("below/secret.txt", "secret\n");
        host.Root.Write("inside/a.txt", "one\n").Write("file.txt", "").Link("out", elsewhere.Path).Link("inside/up", host.Root.Path).Link("circle", "circle");
        var session = await host.CreateSessionAsync();

        var (status, problem) = await host.PostAsync($"/api/sessions/{session}/runs", $$"""{"kind":"index","directory":"{{directory}}"}""");

        Assert.That(status, Is.EqualTo(expected));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Not.Contain(host.Root.Path));
    }

    [TestCase("inside")]
    [TestCase("./inside/../inside/")]
    [TestCase("link")]
    public async Task One_that_is_below_it_however_it_is_named_is_indexed_without_what_leads_out(string directory)
    {
        await using var host = await TestHost.StartAsync();
        using var elsewhere = new TempDirectory().Write("secret.txt", "secret secret secret\n");
        host.Root.Write("inside/a.txt", "one two\n").Link("link", "inside").Link("inside/b.txt", elsewhere["secret.txt"]);
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var (runId, _) = await host.StartRunAsync(session, directory);

        var result = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1].Payload.GetProperty("result");
        Assert.That(result.GetProperty("files").GetInt32(), Is.EqualTo(1));
        Assert.That(result.GetProperty("words").GetInt32(), Is.EqualTo(2));
    }

    [TestCase("""{"directory":"."}""", "'index'")]
    [TestCase("""{"kind":"dance"}""", "'index'")]
    [TestCase("""{"kind":"index","dir":"."}""", "not as it should be")]
    [TestCase("""{"kind":7}""", "$.kind")]
    [TestCase("null", "null")]
    public async Task A_request_that_is_not_understood_is_told_why(string body, string why)
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, problem) = await host.PostAsync($"/api/sessions/{session}/runs", body);
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(why));
    }
}
