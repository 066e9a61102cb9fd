using System.Globalization;

namespace ConsoleHost.Options;

/// <summary>The command line, read: options, or an error that says what to do about it; neither when help was asked for.</summary>
internal sealed record CommandLine(HostOptions? Options, string? Error)
{
    public const int MaxWorkers = 64;

    public static readonly string Usage = $"""
        Reads every text file of a directory with parallel workers, counts lines and words, finds markers (TODO, FIXME, HACK, XXX) and duplicate
        files, and shows it live from the events that queen and workers publish.

        Usage: ConsoleHost [DIRECTORY] [--workers N] [--slow-consumer]

          DIRECTORY         what to index; default: this repository. Directories named .git, bin, obj and node_modules are left out,
                            links to directories are not followed, and a file with a NUL byte is binary.
          --workers N       how many workers, 1 to {MaxWorkers}; default: one per processor, at least 2 and at most 8
          --slow-consumer   adds a reader that cannot keep up, and shows what it is told: gaps, and catching up from history
          --help            shows this

        Exit codes: 0 done, 1 failed, 2 bad arguments, 130 cancelled with Ctrl-C.

        """;

    private static readonly CommandLine Help = new(null, null);

    /// <param name="args">The arguments.</param>
    /// <param name="currentDirectory">Where relative paths, and the search for the repository, begin.</param>
    public static CommandLine Parse(IReadOnlyList<string> args, string currentDirectory)
    {
        string? directory = null;
        var workers = Math.Clamp(Environment.ProcessorCount, 2, 8);
        var slowConsumer = false;
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h" or "-?":
                    return Help;
                case "--slow-consumer":
                    slowConsumer = true;
                    break;
                case "--workers":
                    var count = i + 1 < args.Count ? args[++i] : null;
                    if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out workers) || workers is < 1 or > MaxWorkers)
                    {
                        return Fail($"--workers is {(count is null ? "not followed by a number" : $"'{count}'")}; use 1 to {MaxWorkers}.");
                    }

                    break;
                case ['-', _, ..] option:
                    return Fail($"'{option}' is not an option; --help lists them. For a directory of that name, write './{option}'.");
                case var first when directory is null:
                    directory = first;
                    break;
                case var second:
                    return Fail($"There are two directories, '{directory}' and '{second}'; give one.");
            }
        }

        return Locate(directory, currentDirectory, out var path) is { } error
            ? Fail(error)
            : new CommandLine(new HostOptions(path, workers, slowConsumer), null);
    }

    private static string? Locate(string? directory, string currentDirectory, out string path)
    {
        path = string.Empty;
        if (directory is null)
        {
            if ((RepositoryRoot.Find(currentDirectory) ?? RepositoryRoot.Find(AppContext.BaseDirectory)) is not { } root)
            {
                return $"No repository was found at or above '{currentDirectory}'; name the DIRECTORY to index.";
            }

            path = root;
            return null;
        }

        if (directory.Length == 0)
        {
            return "The directory's name is empty; name the DIRECTORY to index, or leave it out for this repository.";
        }

        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory, currentDirectory));
        return Directory.Exists(path) ? null
            : File.Exists(path) ? $"'{directory}' is a file; name the directory that it is in."
            : $"There is no directory '{directory}'; name one that exists.";
    }

    private static CommandLine Fail(string error) => new(null, error);
}
