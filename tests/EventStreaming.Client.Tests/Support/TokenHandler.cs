namespace EventStreaming.Client.Tests.Support;

/// <summary>A host's handler that adds a token.</summary>
internal sealed class TokenHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new("Bearer", "token");
        return base.SendAsync(request, cancellationToken);
    }
}
