using System.Text;
using System.Text.Json.Serialization;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace EventStreaming.Tests.DependencyInjection;

/// <summary>Raw JSON is the same event in another form: a handler of its declared type gets the object.</summary>
internal sealed partial class HandlerPayloadTests
{
    private const string Topic = "session-1";

    private static readonly EventCatalog s_catalog = new(
    [
        new EventTypeDescriptor<Started>("started", StartedContext.Default.Started),
        new EventTypeDescriptor<Started>("started.untold"),
    ]);

    private List<object> _handled = null!; // All made anew for each test.
    private TaskCompletionSource _last = null!;
    private LogRecorder _log = null!;
    private Measurements _measured = null!;

    [SetUp]
    public void Create()
    {
        _handled = [];
        _last = Signals.Create();
        _log = new LogRecorder();
        _measured = new Measurements(EventBus.DefaultName);
    }

    [TearDown]
    public void Dispose()
    {
        _measured.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task Raw_json_of_a_type_declared_with_its_metadata_is_handled_as_the_object_it_is()
    {
        using var host = Build<Started>();
        await host.StartAsync();
        host.Bus().Publish(Topic, "started", Json("{\"id\":1}"));
        await PublishLastAsync(host);

        Assert.That(_handled, Is.EqualTo([new Started(1), Started.Last]));
        Assert.That(_measured.Sum("eventstreaming.handler.errors"), Is.Zero);
    }

    [Test]
    public async Task A_handler_of_a_base_type_gets_the_declared_type()
    {
        using var host = Build<Fact>();
        await host.StartAsync();
        host.Bus().Publish(Topic, "started", Json("{\"id\":1}"));
        await PublishLastAsync(host);

        Assert.That(_handled, Is.EqualTo([new Started(1), Started.Last]));
    }

    [Test]
    public async Task A_handler_of_raw_json_gets_it_as_it_is()
    {
        using var host = Build<JsonPayload>();
        await host.StartAsync();
        var json = Json("{\"id\":99}");
        host.Bus().Publish(Topic, "started", json);
        await _last.Task.WithinSafetyAsync();

        Assert.That(_handled, Is.EqualTo([json]));
    }

    [TestCase("null", "is null")]
    [TestCase("[1]", "could not be converted")]
    [TestCase("{\"id\":\"x\"}", "could not be converted")]
    public async Task Raw_json_of_another_shape_is_an_error_of_the_handler_counted_and_logged_and_the_next_event_is_handled(string json, string message)
    {
        using var host = Build<Started>();
        await host.StartAsync();
        var published = host.Bus().Publish(Topic, "started", Json(json));
        await PublishLastAsync(host);

        Assert.That(_handled, Is.EqualTo([Started.Last]));
        Assert.That(_measured.Sum("eventstreaming.handler.errors"), Is.EqualTo(1));
        var entry = _log.Of(1300).Single();
        Assert.That(entry.Exception, Is.InstanceOf<System.Text.Json.JsonException>().With.Message.Contains(message));
        Assert.That(entry.Message, Does.Contain(published.Cursor.ToString()));
    }

    [TestCase("started.untold", TestName = "Raw_json_of_a_type_declared_without_metadata_is_not_for_a_typed_handler")]
    [TestCase("undeclared", TestName = "Raw_json_of_an_undeclared_type_is_not_for_a_typed_handler")]
    public async Task Raw_json_that_cannot_be_read(string type)
    {
        using var host = Build<Started>();
        await host.StartAsync();
        host.Bus().Publish(Topic, type, Json("{\"id\":1}"));
        await PublishLastAsync(host);

        Assert.That(_handled, Is.EqualTo([Started.Last]));
        Assert.That(_log.Of(1300), Is.Empty);
    }

    private static JsonPayload Json(string text) => JsonPayload.Parse(Encoding.UTF8.GetBytes(text));

    private IHost Build<TData>() => TestHost.Build(
        builder =>
        {
            builder.Services.AddSingleton(new Handler<TData>(data =>
            {
                _handled.Add(data!);
                if (data is JsonPayload || Equals(data, Started.Last))
                {
                    _last.TrySetResult();
                }
            }));
            builder.Services.AddEventStreaming().AddCatalog(s_catalog).AddHandler<TData, Handler<TData>>();
        },
        _log);

    private Task PublishLastAsync(IHost host)
    {
        host.Bus().Publish(Topic, "started", Started.Last);
        return _last.Task.WithinSafetyAsync();
    }

    internal record Fact(int Id);

    internal sealed record Started(int Id) : Fact(Id)
    {
        public static Started Last { get; } = new(99);
    }

    private sealed class Handler<TData>(Action<TData> handle) : IEventHandler<TData>
    {
        public ValueTask HandleAsync(TData data, StreamEvent context, CancellationToken cancellationToken)
        {
            handle(data);
            return ValueTask.CompletedTask;
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Started))]
    private sealed partial class StartedContext : JsonSerializerContext;
}
