using AgentHost.Endpoints;

namespace AgentHost.Protocols.AiSdk;

/// <summary>Says why a chat is not served as its clients show it: they take the body for the error's text.</summary>
internal sealed class ChatRefusal(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        refusal.SetHeaders(httpContext.Response);
        return TypedResults.Text(refusal.Detail, "text/plain", statusCode: refusal.Status).ExecuteAsync(httpContext);
    }
}
