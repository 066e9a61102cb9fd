using System.Text.Json;
using EventStreaming.Agents.Tests.Protocols.AgUi;
using EventStreaming.Agents.Tests.Protocols.AiSdk;
using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols;

/// <summary>Whenever one joins, whatever is lost on the way and whatever one has already: each message arrives whole, and each tool call with its result, once.</summary>
internal sealed class WholeContentTests
{
    private const int Seeds = 400;

    [Test]
    public Task In_AG_UI([Values] bool isKnown) => ForEachAsync(static snapshots => new AgUiProtocol(snapshots), isKnown, static (messages, conversation, known) =>
    {
        var checker = new AgUiChecker(known?.GetRawText());
        foreach (var message in messages)
        {
            checker.Check(message);
        }

        var (texts, results) = Read(known);
        foreach (var (id, sent) in checker.Texts)
        {
            texts[id] = texts.GetValueOrDefault(id) + sent;
        }

        foreach (var (id, sent) in checker.Results)
        {
            results.Add(id, sent);
        }

        Assert.That(checker.IsRunning, Is.False);
        Assert.That(texts, Is.EquivalentTo(conversation.Texts));
        Assert.That(results, Is.EquivalentTo(conversation.Results));
    });

    [Test]
    public Task In_the_AI_SDK() => ForEachAsync(static snapshots => new AiSdkProtocol(snapshots), isKnown: false, static (messages, conversation, _) =>
    {
        var texts = new AiSdkChecker().Check(messages).Texts.ToDictionary(static text => text.Key, static text => string.Concat(text.Value), StringComparer.Ordinal);
        var results = messages.Where(static message => message.StartsWith("""{"type":"tool-output-available""", StringComparison.Ordinal))
            .Select(static message => JsonDocument.Parse(message).RootElement)
            .ToDictionary(static output => output.GetProperty("toolCallId").GetString()!, static output => output.GetProperty("output").GetProperty("summary").GetString()!, StringComparer.Ordinal);
        Assert.That(messages[^1], Is.EqualTo("[DONE]"));
        Assert.That(texts, Is.EquivalentTo(conversation.Texts));
        Assert.That(results, Is.EquivalentTo(conversation.Results));
    });

    private static async Task ForEachAsync(Func<ISessionSnapshots, EventProtocol> protocol, bool isKnown, Action<IReadOnlyList<string>, RandomConversation, JsonElement?> check)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            await using var script = new TopicScript();
            var conversation = new RandomConversation(script, seed);
            conversation.Begin();
            conversation.Publish(conversation.Next(60));
            JsonElement? known = isKnown ? conversation.Known() : null;
            conversation.Publish(conversation.Next(60));
            var hasGaps = conversation.Flip();
            var joined = isKnown || conversation.Flip() ? script.Published.Count : 0;
            var viewer = new ProtocolViewer(
                script.Bus,
                protocol(new FoldedSnapshots(script, joined)),
                "run-1",
                options =>
                {
                    options.OnNormalOverflow = hasGaps ? NormalOverflow.Drop : options.OnNormalOverflow;
                    options.Capacity = hasGaps ? 8 : options.Capacity;
                },
                known);
            for (var round = 0; round < 4; round++)
            {
                conversation.Publish(conversation.Next(25));
                _ = viewer.Messages;
            }

            conversation.End();
            try
            {
                check(viewer.Messages, conversation, known);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, joined behind {joined}, gaps: {hasGaps}, known: {known}\n{string.Join('\n', viewer.Messages)}", exception);
            }
        }
    }

    private static (Dictionary<string, string> Texts, Dictionary<string, string> Results) Read(JsonElement? known)
    {
        var (texts, results) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var message in known is { } input ? input.GetProperty("messages").EnumerateArray() : default)
        {
            if (message.TryGetProperty("toolCallId", out var call))
            {
                results.Add(call.GetString()!, message.GetProperty("content").GetString()!);
            }
            else if (message.TryGetProperty("content", out var text))
            {
                texts.Add(message.GetProperty("id").GetString()!, text.GetString()!);
            }
        }

        return (texts, results);
    }
}
