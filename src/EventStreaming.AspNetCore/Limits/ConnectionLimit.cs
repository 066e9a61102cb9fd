namespace EventStreaming.AspNetCore;

/// <summary>What there may be only so many connections of.</summary>
internal enum ConnectionLimit
{
    Host,
    Topic,
    Principal,
}
