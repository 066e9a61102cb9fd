using System.Buffers;
using System.Globalization;
using System.Text;

namespace Indexing.Files;

/// <summary>
/// What agents may do with the files of one directory: list, search, read and count them. Links are followed only to what is within the root, nothing is ever
/// written, and whatever is there, the work is bounded. Thread-safe.
/// </summary>
/// <param name="directory">The physical path of the directory.</param>
/// <param name="root">The physical path beyond which no link leads; the directory is within it.</param>
public sealed class FileTools(string directory, string root)
{
    /// <summary>The most files that are listed, and so searched.</summary>
    public const int MaxFiles = 5_000;

    /// <summary>The most bytes that are read of one file as text.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Lists the files; a directory below that cannot be listed is left out.</summary>
    /// <exception cref="FileToolException">The directory itself cannot be listed.</exception>
    public FileList List(CancellationToken cancellationToken = default)
    {
        var files = new List<FileEntry>();
        foreach (var file in Walk(cancellationToken))
        {
            if (files.Count == MaxFiles)
            {
                return new FileList(files, IsCut: true);
            }

            files.Add(new FileEntry(file.Name, file.Length));
        }

        return new FileList(files, IsCut: false);
    }

    /// <summary>Reads a file's text, or its beginning.</summary>
    /// <param name="name">Its path in the directory.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FileToolException">There is no such file, it may not be read, or it is no text.</exception>
    public async Task<FileText> ReadAsync(string name, CancellationToken cancellationToken = default)
    {
        var path = Find(name);
        var bytes = ArrayPool<byte>.Shared.Rent(MaxBytes + 1);
        try
        {
            var length = 0;
            using (var handle = File.OpenHandle(path, options: FileOptions.Asynchronous | FileOptions.SequentialScan))
            {
                while (length <= MaxBytes && await RandomAccess.ReadAsync(handle, bytes.AsMemory(length, MaxBytes + 1 - length), length, cancellationToken) is var count and > 0)
                {
                    length += count;
                }
            }

            var text = bytes.AsSpan(0, Math.Min(length, MaxBytes));
            return text.Contains((byte)0)
                ? throw new FileToolException($"'{name}' is binary; name a text file.")
                : new FileText(name, Encoding.UTF8.GetString(text), length > MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Looks for terms in all text files.</summary>
    /// <param name="terms">At least one; each is found where it begins a word, in whatever case.</param>
    /// <param name="onFile">Told of each file after it was searched, and of how much is done.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="FileToolException">The directory cannot be listed.</exception>
    public async Task<FileSearch> SearchAsync(IReadOnlyList<string> terms, Action<string, double>? onFile = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentOutOfRangeException.ThrowIfZero(terms.Count, nameof(terms));
        var scorer = new FileScorer(terms);
        var files = List(cancellationToken).Files;
        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files[i].Length is not 0 && await TryReadAsync(files[i].Name, cancellationToken) is { } file)
            {
                scorer.Add(file.Name, file.Text);
            }

            onFile?.Invoke(files[i].Name, (i + 1.0) / files.Count);
        }

        return scorer.ToSearch();
    }

    /// <summary>Counts files' lines, words and markers, all of them however long; what is no text does not count.</summary>
    /// <param name="names">Their paths in the directory.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    /// <exception cref="FileToolException">There is no such file, or it may not be read.</exception>
    public async Task<FileCounts> CountAsync(IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        var tally = new IndexTally();
        foreach (var name in names)
        {
            var path = Find(name);
            try
            {
                tally.Add(await FileReader.ReadAsync(new PlannedFile(path, name, new FileInfo(path).Length), static _ => { }, cancellationToken));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(name);
            }
        }

        return new FileCounts(tally.TextFiles, tally.Lines, tally.Words, tally.MarkerCount);
    }

    private static FileToolException Unreadable(string name) => new($"'{name}' cannot be read; name another file.");

    private async Task<FileText?> TryReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(name, cancellationToken);
        }
        catch (FileToolException)
        {
            return null;
        }
    }

    private IEnumerable<PlannedFile> Walk(CancellationToken cancellationToken)
    {
        try
        {
            var planner = new FilePlanner(directory, static (_, _) => { }, link => PhysicalPath.TryResolve(link, out var target) && PhysicalPath.IsWithin(target, root));
            return [.. planner.Walk().TakeWhile(_ => !cancellationToken.IsCancellationRequested).Take(MaxFiles + 1)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileToolException("The directory cannot be listed; name another one.");
        }
    }

    /// <summary>Where a file is. Looked up anew for each use: what a name leads to may change between two.</summary>
    private string Find(string name)
    {
        var path = PhysicalPath.TryResolve(Path.Combine(directory, name), out var physical) && PhysicalPath.IsWithin(physical, root) ? physical : null;
        return path is not null && File.Exists(path) && FileTypes.IsRegular(path)
            ? path
            : throw new FileToolException(string.Create(CultureInfo.InvariantCulture, $"There is no file '{name}'; list the files to see which there are."));
    }
}
