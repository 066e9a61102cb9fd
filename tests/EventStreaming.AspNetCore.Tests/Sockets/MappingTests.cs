using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class MappingTests
{
    [Test]
    public async Task What_is_no_socket_request_is_told_to_upgrade()
    {
        await using var host = await SocketMessages.StartAsync();
        using var stream = await host.OpenAsync(SocketClient.Path);
        var problem = await stream.ReadProblemAsync();

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.UpgradeRequired));
        Assert.That(stream.Response.Headers.Upgrade.ToString(), Is.EqualTo("websocket"));
        Assert.That(problem.Detail(), Does.Contain("WebSocket client"));
        Assert.That(host.Limits.Count, Is.Zero);
    }

    [Test]
    public async Task It_works_with_the_hosts_own_WebSocket_middleware_too()
    {
        await using var host = await StreamHost.StartAsync(static app =>
        {
            app.UseWebSockets();
            app.MapGroup("/group").MapEventSocket(SocketClient.Path);
        });
        using var client = await SocketClient.ConnectAsync(host, "/group/ws");
        await client.SendAsync("""{"action":"ping"}""");

        Assert.That((await client.NextMessageAsync()).Reply(), Is.EqualTo("pong"));
    }

    [Test]
    public async Task It_works_over_HTTP_2_where_a_socket_is_one_stream_of_a_connection()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapEventSocket(SocketClient.Path), protocols: HttpProtocols.Http2);
        host.Bus.Publish("a", SampleTypes.Delta, "one");
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var client = new SocketClient();
        (client.Socket.Options.HttpVersion, client.Socket.Options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        await client.Socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}{SocketClient.Path}"), invoker, CancellationToken.None).WithinSafetyAsync();
        await client.SubscribeAsync("a");

        Assert.That((await client.NextEventsAsync(2))[1].Data().GetString(), Is.EqualTo("one"));
        host.Bus.StopReaders();
        await client.ReadToCloseAsync();
        Assert.That(client.Code, Is.EqualTo(1001));
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task Messages_are_compressed_only_when_the_host_says_so([Values] bool enabled)
    {
        await using var host = await SocketMessages.StartAsync(options => options.EnableCompression = enabled);
        host.Bus.Publish("a", SampleTypes.Delta, new string('x', 10_000));
        using var client = await SocketClient.ConnectAsync(host, configure: static options => options.DangerousDeflateOptions = new());
        await client.SubscribeAsync("a");

        Assert.That(client.Socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions"), Is.EqualTo(enabled));
        Assert.That((await client.NextEventsAsync(2))[1].Data().GetString(), Has.Length.EqualTo(10_000));
    }

    [TestCase("MaxTypes")]
    [TestCase("MaxTopics")]
    [TestCase("MaxMessageBytes")]
    [TestCase("MaxBadMessages")]
    [TestCase("KeepAliveInterval")]
    [TestCase("KeepAliveTimeout")]
    [TestCase("Formats")]
    [TestCase("WriteTimeout")]
    [TestCase("'*'")]
    [TestCase("'null'")]
    [TestCase("'https://a.example/path'")]
    public async Task An_option_out_of_its_range_is_named_when_the_socket_is_mapped(string option)
    {
        await using var host = await SocketMessages.StartAsync();

        Assert.That(
            async () => await SocketMessages.StartAsync(options =>
            {
                switch (option)
                {
                    case "MaxTypes":
                        options.MaxTypes = 0;
                        break;
                    case "MaxTopics":
                        options.MaxTopics = 0;
                        break;
                    case "MaxMessageBytes":
                        options.MaxMessageBytes = 255;
                        break;
                    case "MaxBadMessages":
                        options.MaxBadMessages = 0;
                        break;
                    case "KeepAliveInterval":
                        options.KeepAliveInterval = TimeSpan.Zero;
                        break;
                    case "KeepAliveTimeout":
                        options.KeepAliveTimeout = TimeSpan.FromDays(2);
                        break;
                    case "Formats":
                        options.Formats.Clear();
                        break;
                    case "WriteTimeout":
                        options.Pump.WriteTimeout = TimeSpan.Zero;
                        break;
                    default:
                        options.AllowedOrigins.Add(option.Trim('\''));
                        break;
                }
            }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains(option));
    }

    [Test]
    public async Task A_reader_whose_filter_holds_events_back_is_told_where_it_stands()
    {
        var clock = new ManualTimeProvider();
        await using var host = await SocketMessages.StartAsync(
            configure: builder => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(builder.Services, clock));
        host.Bus.Publish("a", SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync("a", more: $",\"types\":[\"{SampleTypes.Asked}\"]");
        await client.NextEventAsync();
        var last = host.Bus.Publish("a", SampleTypes.Delta, 1);
        var next = client.NextMessageAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(15), next);

        Assert.That((await next).GetRawText(), Is.EqualTo($$"""{"topic":"a","cursor":"{{last.Cursor}}"}"""));
    }
}
