using System.IO.Compression;
using System.Security.Cryptography;
using EventStreaming.Package.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Package.Tests;

internal sealed class DeterminismTests
{
    [Test]
    public async Task Packing_the_same_source_elsewhere_gives_the_same_content()
    {
        var again = await PackageFeed.PackAsync("source-elsewhere");
        var files = Directory.GetFiles(PackageFeed.Folder);

        Assert.That(files, Has.Length.EqualTo(2 * Repository.PackageNames.Length));
        Assert.Multiple(() =>
        {
            foreach (var file in files)
            {
                Assert.That(Hashes(Path.Combine(again, Path.GetFileName(file))), Is.EqualTo(Hashes(file)), Path.GetFileName(file));
            }
        });
    }

    /// <summary>What is in a package, but for the names of its core properties, which are random, and the relations that point to them.</summary>
    private static SortedDictionary<string, string> Hashes(string file)
    {
        using var archive = ZipFile.OpenRead(file);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries.Where(entry => !entry.FullName.EndsWith(".psmdcp", StringComparison.Ordinal) && entry.FullName is not "_rels/.rels"))
        {
            using var stream = entry.Open();
            hashes.Add(entry.FullName, Convert.ToHexString(SHA256.HashData(stream)));
        }

        return hashes;
    }
}
