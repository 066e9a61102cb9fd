using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.A2A;

internal sealed class A2AAgentCardTests
{
    [Test]
    public void A_card_is_written_as_the_specification_names_it()
    {
        var card = new A2AAgentCard(
            "Indexer",
            "Indexes files.",
            "1.2.0",
            [new A2AAgentInterface("https://agents.example/a2a"), new A2AAgentInterface("https://agents.example/a2a/rpc", A2AAgentInterface.JsonRpc)],
            [new A2AAgentSkill("index", "Index", "Counts lines.", ["files"], ["Index src"])])
        {
            Provider = new A2AAgentProvider("Example", "https://example.com"),
            SecuritySchemes = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["bearer"] = JsonElement.Parse("""{"httpAuthSecurityScheme":{"scheme":"Bearer"}}""") },
            SecurityRequirements = [JsonElement.Parse("""{"schemes":{"bearer":{"list":[]}}}""")],
        };
        Assert.That(Encoding.UTF8.GetString(card.ToUtf8Json()), Is.EqualTo(
            """{"name":"Indexer","description":"Indexes files.","version":"1.2.0" """.TrimEnd()
            + ""","supportedInterfaces":[{"url":"https://agents.example/a2a","protocolBinding":"HTTP+JSON","protocolVersion":"1.0"},"""
            + """{"url":"https://agents.example/a2a/rpc","protocolBinding":"JSONRPC","protocolVersion":"1.0"}]"""
            + ""","skills":[{"id":"index","name":"Index","description":"Counts lines.","tags":["files"],"examples":["Index src"]}]"""
            + ""","capabilities":{"streaming":true,"pushNotifications":false,"extendedAgentCard":false}"""
            + ""","defaultInputModes":["text/plain","application/json"],"defaultOutputModes":["text/plain","application/json"]"""
            + ""","provider":{"organization":"Example","url":"https://example.com"}"""
            + ""","securitySchemes":{"bearer":{"httpAuthSecurityScheme":{"scheme":"Bearer"}}},"securityRequirements":[{"schemes":{"bearer":{"list":[]}}}]}"""));
    }
}
