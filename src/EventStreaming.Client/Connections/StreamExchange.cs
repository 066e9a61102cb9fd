namespace EventStreaming.Client;

/// <summary>What a stream's requests and answers have beside what every stream's have.</summary>
/// <param name="Prepare">Called with each request before it is sent.</param>
/// <param name="OnAnswered">Called with each answer, whatever its status, before anything is read of it.</param>
internal sealed record StreamExchange(Action<HttpRequestMessage> Prepare, Action<HttpResponseMessage> OnAnswered);
