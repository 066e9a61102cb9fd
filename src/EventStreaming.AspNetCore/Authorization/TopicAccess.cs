using System.Runtime.InteropServices;

namespace EventStreaming.AspNetCore;

/// <summary>An <see cref="ITopicAuthorizer"/>'s answer. The default value is <see cref="NotFound"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TopicAccess
{
    private readonly Kind _kind;

    private TopicAccess(Kind kind, DateTimeOffset? expiresAt = null)
    {
        _kind = kind;
        ExpiresAt = expiresAt;
    }

    private enum Kind
    {
        NotFound,
        Forbidden,
        Allowed,
    }

    /// <summary>There is no such topic, or the caller shall not learn that there is: 404.</summary>
    public static TopicAccess NotFound => default;

    /// <summary>The caller may not see it: 403.</summary>
    public static TopicAccess Forbidden { get; } = new(Kind.Forbidden);

    /// <summary>Whether the caller may see it.</summary>
    public bool IsAllowed => _kind == Kind.Allowed;

    /// <summary>Whether the caller may not see it, and may know that it is there.</summary>
    public bool IsForbidden => _kind == Kind.Forbidden;

    /// <summary>Until when it is allowed; null for as long as the stream lasts.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The caller may see it, be it there already or not: a topic that is not is created.</summary>
    /// <param name="expiresAt">
    /// When the stream ends, so that the client comes back and is asked again; null: when the caller's authentication expires, if it says
    /// when.
    /// </param>
    public static TopicAccess Allowed(DateTimeOffset? expiresAt = null) => new(Kind.Allowed, expiresAt);
}
