using System.Runtime.InteropServices;
using System.Text.Json;
using AgentHost.Endpoints;
using EventStreaming.Agents;

namespace AgentHost.Protocols.A2A;

/// <summary>
/// The door for clients of A2A 1.0, who find it by its card: HTTP+JSON below <c>/a2a</c>, and JSON-RPC at <c>POST /a2a</c>. Who disconnects stops nothing.
/// </summary>
internal static class A2AEndpoints
{
    /// <summary>JSON-RPC's id is in each message of a stream.</summary>
    private const int MaxIdBytes = 128;

    private const string VersionHeader = "A2A-Version";

    public static void MapA2A(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(A2AAgentCard.Path, AgentCard.Get);
        routes.MapPost("/a2a", CallAsync);
        routes.MapPost("/a2a/message:send", static (HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door) =>
            ServeAsync(context, protocol, tasks, door, static (served, body) => served.SendAsync(body)));
        routes.MapPost("/a2a/message:stream", static (HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door) =>
            ServeAsync(context, protocol, tasks, door, static (served, body) => Task.FromResult(served.Stream(body))));
        routes.MapGet("/a2a/tasks/{id}", static (string id, HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door) =>
            ServeAsync(context, protocol, tasks, door, (served, _) => served.GetAsync(id), hasBody: false));
        routes.MapPost("/a2a/tasks/{id}:cancel", static (string id, HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door) =>
            ServeAsync(context, protocol, tasks, door, (served, _) => served.CancelAsync(id), hasBody: false));
        routes.MapMethods("/a2a/tasks/{id}:subscribe", [HttpMethods.Get, HttpMethods.Post], static (string id, HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door) =>
            ServeAsync(context, protocol, tasks, door, (served, _) => Task.FromResult(served.Subscribe(id)), hasBody: false));
    }

    private static async Task<IResult> ServeAsync(
        HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door, Func<A2ADoor, JsonElement, Task<IResult>> serve, bool hasBody = true)
    {
        var binding = new A2ABinding(protocol, rpcId: null);
        if (!IsOfVersion(context.Request))
        {
            return binding.Error(A2AError.WrongVersion);
        }

        JsonElement body = default;
        if (hasBody)
        {
            var (json, refusal) = await RequestBody.ReadAsync(context);
            if (json is null)
            {
                return binding.Error(A2AError.Of(refusal!)); // One of both.
            }

            using (json)
            {
                body = json.RootElement.Clone();
            }
        }

        return await serve(new A2ADoor(binding, tasks, door, context.RequestAborted), body);
    }

    private static async Task<IResult> CallAsync(HttpContext context, A2AProtocol protocol, A2ATasks tasks, Door door)
    {
        var (json, refusal) = await RequestBody.ReadAsync(context);
        using (json)
        {
            var body = json?.RootElement.Clone() ?? default;
            var id = body.Get("id");
            var hasId = id.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null && JsonMarshal.GetRawUtf8Value(id).Length <= MaxIdBytes;
            var binding = new A2ABinding(protocol, hasId ? id : JsonElement.Parse("null"u8));
            return refusal is not null ? binding.Error(refusal.Status == StatusCodes.Status400BadRequest ? A2AError.NotJson : A2AError.Of(refusal))
                : !hasId || body.GetText("jsonrpc") is not "2.0" || body.GetText("method") is not { } method ? binding.Error(A2AError.NoRequest)
                : !IsOfVersion(context.Request) ? binding.Error(A2AError.WrongVersion)
                : await InvokeAsync(method, body.Get("params"), binding, new A2ADoor(binding, tasks, door, context.RequestAborted));
        }
    }

    private static async Task<IResult> InvokeAsync(string method, JsonElement parameters, A2ABinding binding, A2ADoor served) => method switch
    {
        "SendMessage" => await served.SendAsync(parameters),
        "SendStreamingMessage" => served.Stream(parameters),
        "GetTask" => await served.GetAsync(parameters.GetText("id")),
        "CancelTask" => await served.CancelAsync(parameters.GetText("id")),
        "SubscribeToTask" => served.Subscribe(parameters.GetText("id")),
        "ListTasks" => binding.Error(A2AError.Unsupported("This agent lists no tasks.")),
        "GetExtendedAgentCard" => binding.Error(A2AError.Unsupported("This agent has no more to say of itself than its card.")),
        _ when method.EndsWith("TaskPushNotificationConfig", StringComparison.Ordinal) || method.EndsWith("TaskPushNotificationConfigs", StringComparison.Ordinal) => binding.Error(A2AError.NoPush),
        _ => binding.Error(A2AError.NoMethod(method)),
    };

    /// <summary>
    /// A request that does not say is one of 0.3 (A2A 1.0, 3.6.2), which is not spoken here. A page of another origin may send a <c>POST</c> without a body unasked, but not
    /// with this header: where the body is not JSON it alone counts.
    /// </summary>
    private static bool IsOfVersion(HttpRequest request) => request.Headers[VersionHeader] is [var header] ? header?.Trim() is "1.0"
        : (HttpMethods.IsGet(request.Method) || request.HasJsonContentType()) && request.Query[VersionHeader] is ["1.0"];
}
