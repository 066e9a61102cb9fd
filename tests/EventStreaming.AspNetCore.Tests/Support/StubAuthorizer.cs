using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Answers as a test says, and notes who asked for what.</summary>
internal sealed class StubAuthorizer(Func<string?, string, TopicAccess> answer) : ITopicAuthorizer
{
    private readonly Lock _gate = new();
    private readonly List<(string? User, string Topic)> _asked = [];

    public IReadOnlyList<(string? User, string Topic)> Asked
    {
        get
        {
            lock (_gate)
            {
                return [.. _asked];
            }
        }
    }

    public void Add(EventStreamingBuilder builder) => builder.Services.AddSingleton<ITopicAuthorizer>(this);

    public ValueTask<TopicAccess> AuthorizeAsync(HttpContext context, string topic, CancellationToken cancellationToken)
    {
        var user = context.User.Identity?.Name;
        lock (_gate)
        {
            _asked.Add((user, topic));
        }

        return ValueTask.FromResult(answer(user, topic));
    }
}
