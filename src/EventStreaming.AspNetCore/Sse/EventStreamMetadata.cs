using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>On an endpoint: what it shows, for those who must know before it is called, as authentication by ticket does.</summary>
internal sealed record EventStreamMetadata(string Bus, Func<HttpContext, string?> TopicOf);
