using AgentHost.Jobs.Alerts;
using AgentHost.Options;
using EventStreaming.Agents;

namespace AgentHost.Protocols.A2A;

/// <summary>What this host says of itself to clients of A2A.</summary>
internal static class AgentCard
{
    private static readonly A2AAgentSkill[] s_skills =
    [
        new A2AAgentSkill("orchestrator", "Search", "Searches the files for what is asked, in turns. What is done without a kind.", ["search", "files"], ["Where is the history evicted?"]),
        new A2AAgentSkill("assistant", "Question and answer", "Answers from the files by a chain of prompts. Kind 'assistant'.", ["question", "files"]),
        new A2AAgentSkill("generation", "Index pages", "Adds, changes and removes index pages of the files. Kind 'generation'.", ["pages", "files"], ["add pages for the samples"]),
        new A2AAgentSkill("alerts", "Alerts", "Analyses an alert's trades; the text names its JSON file. Kind 'alerts'.", ["alerts", "trades"]),
        new A2AAgentSkill("index", "Index", "Counts what is in a directory's files, with workers. Kind 'index'.", ["index", "files"]),
        new A2AAgentSkill(AlertType.WashTrade, "Wash trades", "Looks for trades of owners with themselves in the alert and trades of a data part. Kind 'wash_trade'.", ["alerts", "trades"]),
        new A2AAgentSkill(AlertType.InsiderTrading, "Insider trading", "Looks for trades by who knew of an announcement, in the alert and trades of a data part. Kind 'insider_trading'.", ["alerts", "trades"]),
    ];

    public static IResult Get(HttpContext context, AgentHostOptions options)
    {
        // As it was called: which names it answers to is the host's own setting (AllowedHosts).
        var url = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/a2a";
        var card = new A2AAgentCard(
            "EventStreaming AgentHost",
            "Looks into the files below its root.",
            typeof(AgentCard).Assembly.GetName().Version!.ToString(3), // Every assembly has one.
            [new A2AAgentInterface(url), new A2AAgentInterface(url, A2AAgentInterface.JsonRpc)],
            [.. s_skills.Where(skill => options.Offers(skill.Id))]);
        return TypedResults.Bytes(card.ToUtf8Json(), "application/json");
    }
}
