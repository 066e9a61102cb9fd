using System.Text;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>Whatever bytes come, and in whatever pieces, reading them ends, throws nothing, and leaves one well-formed run.</summary>
internal sealed class HostileBytesTests
{
    private static readonly Func<EventMapper>[] Mappers =
    [
        static () => new LangGraphEventMapper(Mapped.Options),
        static () => new A2AEventMapper(Mapped.Options),
        static () => new AgUiEventMapper(Mapped.Options),
        static () => new LegacyEventMapper(options: Mapped.Options),
    ];

    [Test]
    public async Task Random_bytes_are_a_run_that_was_cut_off([Values] EventImportFormat format)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(1, 20_000)];
            random.NextBytes(bytes);
            await CheckAsync(bytes, format, random.Next(1, 3_000), EventImportOutcome.CutOff);
        }
    }

    [Test]
    public async Task Bytes_that_look_like_events_are_a_run_that_was_cut_off([Values] EventImportFormat format)
    {
        string[] words = ["data:", "event:", "id:", "retry: 1e99", ":", "\r", "\n", "\r\n", "\n\n", "\uFEFF", "{", "}", "[", "]", "\"", "\\u", "\0", "null", "\"type\":", "\"RUN_STARTED\"", "\"event\":", "[DONE]"];
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 2_000)).Select(_ => words[random.Next(words.Length)]));
            await CheckAsync(Encoding.UTF8.GetBytes(text), format, random.Next(1, 100), outcome: null);
        }
    }

    [TestCase("[")]
    [TestCase("{\"a\":")]
    [TestCase("{\"type\":\"RUN_STARTED\",\"input\":")]
    [TestCase("{\"event\":\"on_chain_start\",\"run_id\":\"r\",\"data\":")]
    [TestCase("{\"task\":")]
    public async Task Values_within_values_without_end_are_no_event(string opening)
    {
        var deep = string.Concat(Enumerable.Repeat(opening, 500_000 / opening.Length));
        await CheckAsync(Encoding.UTF8.GetBytes(deep + "\n"), EventImportFormat.JsonLines, 16_384, EventImportOutcome.CutOff);
        await CheckAsync(Encoding.UTF8.GetBytes($"data: {deep}\n\n"), EventImportFormat.ServerSentEvents, 16_384, EventImportOutcome.CutOff);
    }

    [Test]
    public async Task A_line_of_many_megabytes_is_a_run_that_was_cut_off([Values] EventImportFormat format) =>
        await CheckAsync(Encoding.UTF8.GetBytes("data: " + new string('x', 20 << 20)), format, 65_536, EventImportOutcome.CutOff);

    [Test]
    public async Task A_stream_that_is_cut_anywhere_is_one_run()
    {
        foreach (var file in Directory.GetFiles(Captured.Folder))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            var format = file.EndsWith(".sse", StringComparison.Ordinal) ? EventImportFormat.ServerSentEvents : EventImportFormat.JsonLines;
            for (var length = 1; length < bytes.Length; length += 97)
            {
                await CheckAsync(bytes[..length], format, 512, outcome: null);
            }
        }
    }

    [Test]
    public async Task A_stream_that_comes_byte_by_byte_is_the_same_run()
    {
        foreach (var file in Directory.GetFiles(Captured.Folder))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            var format = file.EndsWith(".sse", StringComparison.Ordinal) ? EventImportFormat.ServerSentEvents : EventImportFormat.JsonLines;
            foreach (var make in Mappers)
            {
                Assert.That(await ReadAsync(bytes, format, 1, make()), Is.EqualTo(await ReadAsync(bytes, format, bytes.Length, make())), file);
            }
        }
    }

    private static async Task CheckAsync(byte[] bytes, EventImportFormat format, int pieces, EventImportOutcome? outcome)
    {
        foreach (var make in Mappers)
        {
            var mapper = make();
            await using var site = new ImportSite();
            using var stream = new PiecewiseStream(bytes, pieces);
            var import = await site.Bus.ImportAsync("s", mapper, stream, new EventImportOptions { Format = format }).WithinSafetyAsync();

            if (outcome is not null)
            {
                Assert.That(import.Outcome, Is.EqualTo(outcome));
            }

            Assert.That(import.Exception, Is.Null.Or.TypeOf<InvalidDataException>());
            if (mapper is not LegacyEventMapper && import.Outcome is not EventImportOutcome.Waiting)
            {
                var events = await site.ReadAsync();
                WellFormed.Check([.. events.Select(static item => new EventDraft(item.Type, item.Data) { RunId = item.RunId, Source = item.Source, ParentId = item.ParentId })], "r");
            }
        }
    }

    private static async Task<string[]> ReadAsync(byte[] bytes, EventImportFormat format, int pieces, EventMapper mapper)
    {
        await using var site = new ImportSite();
        using var stream = new PiecewiseStream(bytes, pieces);
        var import = await site.Bus.ImportAsync("s", mapper, stream, new EventImportOptions { Format = format }).WithinSafetyAsync();
        return [import.Outcome.ToString(), .. Mapped.Text((await site.ReadAsync()).Select(static item => new EventDraft(item.Type, item.Data)))];
    }

    /// <summary>Gives no more than so many bytes at a time.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, most)], cancellationToken);
    }
}
