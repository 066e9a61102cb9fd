using System.Reflection;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>Where things lie in the source tree.</summary>
internal static class Places
{
    /// <summary>The code that the clients run, beside the packages it uses.</summary>
    public static string Clients { get; } = Read(nameof(Clients));

    public static string Sources { get; } = Read(nameof(Sources));

    private static string Read(string key) =>
        typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => string.Equals(attribute.Key, key, StringComparison.Ordinal)).Value!;
}
