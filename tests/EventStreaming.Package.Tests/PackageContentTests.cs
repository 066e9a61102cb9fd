using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using EventStreaming.Package.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Package.Tests;

[TestFixtureSource(typeof(Repository), nameof(Repository.PackageNames))]
internal sealed class PackageContentTests(string name)
{
    [Test]
    public void The_package_has_the_library_its_docs_the_readme_and_the_licence()
    {
        using var package = Open("nupkg");

        Assert.That(
            package.Entries.Select(entry => entry.FullName),
            Is.SupersetOf(new[] { $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml", "README.md", "LICENSE" }));
        Assert.That(package.Entries.Where(entry => entry.Length == 0).Select(entry => entry.FullName), Is.Empty);
    }

    [Test]
    public void The_package_says_what_it_is_and_that_it_is_under_the_MIT_license()
    {
        using var package = Open("nupkg");
        using var manifest = package.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(manifest).Root!.Elements().First();
        var license = metadata.Elements().Single(element => element.Name.LocalName is "license");

        Assert.That((string?)license.Attribute("type"), Is.EqualTo("expression"));
        Assert.That(license.Value, Is.EqualTo("MIT"));
        Assert.That(Value("id"), Is.EqualTo(name));
        Assert.That(Value("readme"), Is.EqualTo("README.md"));
        Assert.That(Value("description"), Is.Not.EqualTo("Package Description").And.Not.Empty);

        string Value(string element) => metadata.Elements().Single(child => string.Equals(child.Name.LocalName, element, StringComparison.Ordinal)).Value;
    }

    [Test]
    public void The_symbol_package_has_the_portable_symbols_of_this_very_library()
    {
        using var package = Open("nupkg");
        using var symbols = Open("snupkg");
        using var library = new PEReader(Read(package, $"lib/net10.0/{name}.dll"));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(Read(symbols, $"lib/net10.0/{name}.pdb"));
        var wanted = library.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView);

        Assert.That(wanted.IsPortableCodeView, Is.True);
        Assert.That(
            new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id),
            Is.EqualTo(new BlobContentId(library.ReadCodeViewDebugDirectoryData(wanted).Guid, wanted.Stamp)));
    }

    private ZipArchive Open(string extension) => ZipFile.OpenRead(Path.Combine(PackageFeed.Folder, $"{name}.{PackageFeed.Version}.{extension}"));

    private static MemoryStream Read(ZipArchive archive, string entry)
    {
        using var stream = archive.GetEntry(entry)!.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}
