using System.Text;

namespace Indexing.Tests.Support;

/// <summary>A directory of a test's own.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("indexing-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public TempDirectory Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public TempDirectory Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this;
    }

    /// <summary>Many small files of one line and two words each, all different.</summary>
    public TempDirectory WriteMany(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Write($"many/{i:D5}.txt", $"file {i}\n");
        }

        return this;
    }

    /// <summary>
    /// So much to read that whoever stops a reader comes long before its end: gigabytes, of which the disk holds five megabytes.
    /// </summary>
    public TempDirectory WriteHuge(int files)
    {
        Write("text.txt", string.Concat(Enumerable.Repeat("two words\n", 500_000)));
        for (var i = 1; i < files; i++)
        {
            Link($"{i:D5}.txt", "text.txt");
        }

        return this;
    }

    public TempDirectory Link(string name, string target)
    {
        File.CreateSymbolicLink(this[name], target);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
