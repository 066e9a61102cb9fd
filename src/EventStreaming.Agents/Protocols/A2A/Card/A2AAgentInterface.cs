namespace EventStreaming.Agents;

/// <summary>One place where an agent is reached (A2A 1.0, 4.4.6).</summary>
/// <param name="Url">The address, absolute.</param>
/// <param name="ProtocolBinding">How it is spoken to there: <see cref="HttpJson"/> or <see cref="JsonRpc"/>.</param>
/// <param name="ProtocolVersion">The version of A2A.</param>
/// <param name="Tenant">What requests to it must name as their tenant, or null.</param>
public sealed record A2AAgentInterface(string Url, string ProtocolBinding = A2AAgentInterface.HttpJson, string ProtocolVersion = "1.0", string? Tenant = null)
{
    /// <summary>HTTP with JSON: <c>HTTP+JSON</c>.</summary>
    public const string HttpJson = "HTTP+JSON";

    /// <summary>JSON-RPC 2.0: <c>JSONRPC</c>.</summary>
    public const string JsonRpc = "JSONRPC";
}
