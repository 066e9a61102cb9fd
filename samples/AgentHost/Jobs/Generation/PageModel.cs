using System.Runtime.CompilerServices;
using System.Text;
using AgentHost.Jobs.Models;

namespace AgentHost.Jobs.Generation;

/// <summary>The model that writes pages: by rules, so that the same files always give the same pages. It answers with the text of whole files, as code models do.</summary>
internal static class PageModel
{
    public const string Id = "outliner-1";

    /// <summary>Begins a file in the answer; its name follows in the line.</summary>
    public const string FileMark = "=== FILE ";

    /// <summary>In the place of a file's text: the file goes.</summary>
    public const string Removed = "=== REMOVED";

    /// <summary>Writes the answer, directory by directory.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="onDirectory">Told how much is done after each.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async IAsyncEnumerable<string> AnswerAsync(
        PageRequest request, Action<int, int> onDirectory, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var directories = request.Files.GroupBy(static file => file.Directory, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal).ToArray();
        var after = request.Pages.Keys.Where(static name => name is not PageSet.Root).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < directories.Length; i++)
        {
            var name = PageSet.NameOf(directories[i].Key);
            if (name is not PageSet.Root && Write(request, name, [.. directories[i]]) is { } text)
            {
                after.Add(name);
                await foreach (var piece in ModelStream.PiecesAsync($"{FileMark}{name}\n{text}", cancellationToken))
                {
                    yield return piece;
                }
            }

            onDirectory(i + 1, directories.Length);
        }

        foreach (var name in request.Pages.Keys.Where(name => name is not PageSet.Root && request.Intent is { Name: Intent.Remove } && request.Intent.IsAbout(name)))
        {
            after.Remove(name);
            yield return $"{FileMark}{name}\n{Removed}\n";
        }

        var root = after.Count == 0 ? $"{Removed}\n" : WriteRoot(after, request.Files.Count(static file => file.Directory.Length == 0), directories);
        yield return $"{FileMark}{PageSet.Root}\n{root}";
    }

    private static string? Write(PageRequest request, string name, FileOutline[] files) => request.Intent.Name switch
    {
        Intent.Add when !request.Pages.ContainsKey(name) && IsAbout(request.Intent, name, files) => WritePage(name, files),
        Intent.Modify when request.Pages.ContainsKey(name) && IsAbout(request.Intent, name, files) => WritePage(name, files),
        _ => null,
    };

    private static bool IsAbout(Intent intent, string name, FileOutline[] files) =>
        intent.IsAbout(name) || files.Any(file => intent.IsAbout(file.Name) || intent.IsAbout(file.Title));

    private static string WritePage(string name, FileOutline[] files)
    {
        var text = new StringBuilder("# ").Append(name.AsSpan(0, name.Length - PageSet.Root.Length - 1)).Append("\n\n");
        foreach (var file in files)
        {
            text.Append("- [").Append(file.Title).Append("](").Append(file.Name.AsSpan(file.Name.LastIndexOf('/') + 1)).Append(')');
            if (file.Parts.Count > 0)
            {
                text.Append(": ").AppendJoin(", ", file.Parts);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string WriteRoot(IEnumerable<string> pages, int filesAtTop, IEnumerable<IGrouping<string, FileOutline>> directories)
    {
        var counts = directories.ToDictionary(static group => PageSet.NameOf(group.Key), static group => group.Count(), StringComparer.Ordinal);
        var text = new StringBuilder("# Contents\n\n");
        foreach (var page in pages.Order(StringComparer.Ordinal))
        {
            text.Append("- [").Append(page.AsSpan(0, page.Length - PageSet.Root.Length - 1)).Append("](").Append(page).Append("): ")
                .Append(System.Globalization.CultureInfo.InvariantCulture, $"{counts.GetValueOrDefault(page)} files\n");
        }

        return text.Append(System.Globalization.CultureInfo.InvariantCulture, $"- {filesAtTop} files at the top\n").ToString();
    }
}
