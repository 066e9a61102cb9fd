using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentHost.Protocols;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts.Remote;

/// <summary>Speaks A2A with agents on other hosts. Whatever goes wrong is told at once, with what happened.</summary>
/// <param name="http">Follows no redirects and holds little: see <see cref="Configure"/>.</param>
/// <param name="silence">How long an agent may take to answer.</param>
internal sealed class AgentClient(HttpClient http, TimeSpan silence)
{
    public const string Name = "agents";

    /// <summary>The most bytes of a card, and of the words of a refusal.</summary>
    private const int MaxAnswerBytes = 256 * 1024;

    private const string EventStream = "text/event-stream";

    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    public static void Configure(IServiceCollection services) =>
        services.AddHttpClient(Name, static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // Streams last as long as they do; each wait has its own limit.
                client.MaxResponseContentBufferSize = MaxAnswerBytes;
                client.DefaultRequestHeaders.Add("A2A-Version", "1.0");
            })
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public async Task<JsonElement> GetCardAsync(Uri host, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host, A2AAgentCard.Path.TrimStart('/')));
        return await AnswerAsync(host, async token =>
        {
            using var response = await http.SendAsync(request, token);
            var text = await response.Content.ReadAsStringAsync(token);
            return response.IsSuccessStatusCode ? JsonElement.Parse(text) : throw Refused(host, response, text);
        }, cancellationToken);
    }

    /// <summary>Sends a message.</summary>
    /// <returns>The stream of the task. Dispose it.</returns>
    public async Task<HttpResponseMessage> StreamAsync(Uri host, byte[] message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, "a2a/message:stream"));
        request.Content = new ByteArrayContent(message) { Headers = { { "Content-Type", "application/json" } } };
        request.Headers.Accept.ParseAdd(EventStream);
        return await AnswerAsync(host, async token =>
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is EventStream)
            {
                return response;
            }

            using (response)
            {
                await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, token);
                throw Refused(host, response, await response.Content.ReadAsStringAsync(token));
            }
        }, cancellationToken);
    }

    /// <summary>Cancels a task. An agent that has more than a few seconds to say is left alone.</summary>
    public Task CancelAsync(Uri host, string taskId)
    {
        // What an agent calls its task is no path here.
        var address = new Uri(host, $"a2a/tasks/{Uri.EscapeDataString(taskId)}:cancel");
        return AnswerAsync(host, silence < s_farewell ? silence : s_farewell, async token =>
        {
            using var response = await http.PostAsync(address, content: null, token);
            return response.IsSuccessStatusCode ? response.StatusCode : throw Refused(host, response, await response.Content.ReadAsStringAsync(token));
        }, CancellationToken.None);
    }

    private static AgentRunException Refused(Uri host, HttpResponseMessage response, string body) => new(
        "agent_refused",
        string.Create(CultureInfo.InvariantCulture, $"{host} answered {(int)response.StatusCode}: {MessageOf(body) ?? response.Content.Headers.ContentType?.MediaType ?? "nothing"}"));

    private static string? MessageOf(string body)
    {
        try
        {
            return JsonElement.Parse(Encoding.UTF8.GetBytes(body)).Get("error").GetText("message");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task<T> AnswerAsync<T>(Uri host, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken) => AnswerAsync(host, silence, ask, cancellationToken);

    private static async Task<T> AnswerAsync<T>(Uri host, TimeSpan limit, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            return await ask(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AgentRunException("agent_silent", string.Create(CultureInfo.InvariantCulture, $"{host} did not answer within {limit.TotalSeconds:0} s"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new AgentRunException("agent_unreachable", $"{host} cannot be asked", exception);
        }
        catch (JsonException exception)
        {
            throw new AgentRunException("agent_invalid", $"{host} has no agent card: {exception.Message}");
        }
    }
}
