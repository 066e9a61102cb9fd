using System.Globalization;
using Indexing.Files;

namespace AgentHost.Options;

/// <summary>What the host was asked to be: <c>--root DIRECTORY</c>, <c>--relay-from URL</c>, <c>--agents URL,URL</c>, <c>--kinds NAME,NAME</c>, and <c>--AgentHost:MaxSessions 10</c> and its like.</summary>
internal sealed record AgentHostOptions
{
    /// <summary>The physical path of the directory that runs may read.</summary>
    public required string Root { get; init; }

    /// <summary>The host that has the sessions which this one does not: its viewers see them here. Null for none.</summary>
    public Uri? RelayFrom { get; init; }

    /// <summary>The hosts whose agents analyse alerts; none: this one's do.</summary>
    public IReadOnlyList<Uri> Agents { get; init; } = [];

    /// <summary>The kinds of runs that it offers; none: all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>How long an agent on another host may say nothing, not even that it is alive.</summary>
    /// <value>1 to 3,600 seconds: <c>AgentSilenceSeconds</c>. Default 60.</value>
    public TimeSpan AgentSilence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an agent on another host may take for an alert.</summary>
    /// <value>1 to 86,400 seconds: <c>AgentPatienceSeconds</c>. Default 600.</value>
    public TimeSpan AgentPatience { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The most sessions at one time.</summary>
    /// <value>1 to 100,000. Default 100: each may hold some 20 MiB of history.</value>
    public int MaxSessions { get; init; } = 100;

    /// <summary>The most runs at work in one session.</summary>
    /// <value>1 to 1,000. Default 4.</value>
    public int MaxRunsPerSession { get; init; } = 4;

    /// <summary>The most runs at work in the host.</summary>
    /// <value>1 to 1,000. Default 16.</value>
    public int MaxRuns { get; init; } = 16;

    /// <summary>How many workers a run has.</summary>
    /// <value>1 to 64. Default: one per processor, at least 2 and at most 8.</value>
    public int Workers { get; init; } = Math.Clamp(Environment.ProcessorCount, 2, 8);

    /// <summary>Whether runs of a kind can be asked for.</summary>
    public bool Offers(string kind) => Kinds.Count == 0 || Kinds.Contains(kind, StringComparer.Ordinal);

    /// <exception cref="BadOptionException">A value cannot be used.</exception>
    public static AgentHostOptions Read(IConfiguration configuration, string currentDirectory)
    {
        var defaults = new AgentHostOptions { Root = ReadRoot(configuration["root"], currentDirectory) };
        var section = configuration.GetSection("AgentHost");
        return defaults with
        {
            RelayFrom = configuration["relay-from"] is { Length: > 0 } upstream ? ReadHost("relay-from", upstream) : null,
            Agents = [.. ReadList(configuration["agents"]).Select(static agent => ReadHost("agents", agent))],
            Kinds = ReadList(configuration["kinds"]),
            AgentSilence = TimeSpan.FromSeconds(ReadNumber(section, "AgentSilenceSeconds", 3_600, (int)defaults.AgentSilence.TotalSeconds)),
            AgentPatience = TimeSpan.FromSeconds(ReadNumber(section, "AgentPatienceSeconds", 86_400, (int)defaults.AgentPatience.TotalSeconds)),
            MaxSessions = ReadNumber(section, nameof(MaxSessions), 100_000, defaults.MaxSessions),
            MaxRunsPerSession = ReadNumber(section, nameof(MaxRunsPerSession), 1_000, defaults.MaxRunsPerSession),
            MaxRuns = ReadNumber(section, nameof(MaxRuns), 1_000, defaults.MaxRuns),
            Workers = ReadNumber(section, nameof(Workers), 64, defaults.Workers),
        };
    }

    private static string ReadRoot(string? root, string currentDirectory)
    {
        var path = string.IsNullOrEmpty(root) ? currentDirectory : Path.Combine(currentDirectory, root);
        return PhysicalPath.TryResolve(path, out var physical) && Directory.Exists(physical)
            ? physical
            : throw new BadOptionException($"--root is '{root}', which is no directory; name one that exists.");
    }

    private static string[] ReadList(string? text) => (text ?? string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri ReadHost(string option, string url) =>
        Uri.TryCreate(url.TrimEnd('/') + '/', UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", Query: "", Fragment: "" } ? uri
        : throw new BadOptionException($"--{option} is '{url}', which is no host's URL; use one like {HostApp.DefaultUrl}.");

    private static int ReadNumber(IConfiguration section, string name, int maximum, int otherwise) =>
        section[name] is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= maximum ? number
        : throw new BadOptionException(string.Create(CultureInfo.InvariantCulture, $"AgentHost:{name} is '{text}'; use 1 to {maximum}."));
}
