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

    /// <summary>The generator of log messages writes those of several files in the order of their hashes in memory: two builds in five differ.</summary>
    [Test]
    public void The_log_messages_of_a_package_are_in_one_file([ValueSource(typeof(Repository), nameof(Repository.PackageNames))] string package)
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "src", package), "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("[LoggerMessage(", StringComparison.Ordinal));

        Assert.That(files.Count(), Is.LessThanOrEqualTo(1));
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
