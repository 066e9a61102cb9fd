using System.Buffers;
using System.Text.Json;
using EventStreaming.Agents;

namespace AgentHost.Protocols.A2A;

/// <summary>How A2A is spoken in one request: as HTTP+JSON, or as JSON-RPC to a request with an id.</summary>
internal sealed class A2ABinding(A2AProtocol protocol, JsonElement? rpcId)
{
    private const string RetryAfterSeconds = "5";

    /// <summary>What streams are written in.</summary>
    public EventStreaming.EventProtocol Protocol { get; } = rpcId is { } id ? protocol.ForJsonRpc(id) : protocol;

    /// <summary>Answers with JSON.</summary>
    /// <param name="utf8">The result.</param>
    /// <param name="envelope">What the result is in, such as <c>task</c>; null for nothing.</param>
    public IResult Result(byte[] utf8, string? envelope = null) => Write(StatusCodes.Status200OK, json =>
    {
        json.WritePropertyName("result");
        WriteResult(json, utf8, envelope);
    }, json => WriteResult(json, utf8, envelope));

    public IResult Error(A2AError error) => new A2AErrorResult(
        Write(rpcId is null ? error.HttpStatus : StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject("error");
            json.WriteNumber("code", error.Code);
            json.WriteString("message", error.Message);
            WriteDetails(json, "data", error);
            json.WriteEndObject();
        }, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteNumber("code", error.HttpStatus);
            json.WriteString("status", error.Status);
            json.WriteString("message", error.Message);
            WriteDetails(json, "details", error);
            json.WriteEndObject();
            json.WriteEndObject();
        }),
        error.MustWait ? RetryAfterSeconds : null);

    private static void WriteResult(Utf8JsonWriter json, byte[] utf8, string? envelope)
    {
        if (envelope is not null)
        {
            json.WriteStartObject();
            json.WritePropertyName(envelope);
        }

        json.WriteRawValue(utf8);
        if (envelope is not null)
        {
            json.WriteEndObject();
        }
    }

    private static void WriteDetails(Utf8JsonWriter json, string name, A2AError error)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        json.WriteString("reason", error.Reason);
        json.WriteString("domain", "a2a-protocol.org");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private A2AJson Write(int status, Action<Utf8JsonWriter> ofRpc, Action<Utf8JsonWriter> ofHttp)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            if (rpcId is { } id)
            {
                json.WriteStartObject();
                json.WriteString("jsonrpc", "2.0");
                json.WritePropertyName("id");
                id.WriteTo(json);
                ofRpc(json);
                json.WriteEndObject();
            }
            else
            {
                ofHttp(json);
            }
        }

        return new A2AJson(buffer.WrittenMemory, status);
    }

    /// <summary>JSON, and the version that it is written in.</summary>
    private sealed class A2AJson(ReadOnlyMemory<byte> utf8, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json";
            response.ContentLength = utf8.Length;
            response.Headers["A2A-Version"] = "1.0";
            return response.Body.WriteAsync(utf8, httpContext.RequestAborted).AsTask();
        }
    }

    private sealed class A2AErrorResult(IResult body, string? retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (retryAfter is not null)
            {
                httpContext.Response.Headers.RetryAfter = retryAfter;
            }

            return body.ExecuteAsync(httpContext);
        }
    }
}
