using Indexing.Tests.Support;
using NUnit.Framework;

namespace Indexing.Tests;

internal sealed class FilePlannerTests
{
    [Test]
    public void Files_come_in_the_order_of_their_names_without_the_directories_left_out()
    {
        using var directory = new TempDirectory()
            .Write("b.txt", "b")
            .Write("a.txt", "aa")
            .Write("d/e.txt", "")
            .Write("c/bin/left.txt", "")
            .Write("c/binary/kept.txt", "")
            .Write("c/bin.txt", "");

        var files = Walk(directory).ToArray();

        Assert.That(files.Select(file => file.Name), Is.EqualTo(["a.txt", "b.txt", "c/bin.txt", "c/binary/kept.txt", "d/e.txt"]));
        Assert.That(files[0], Is.EqualTo(new PlannedFile(directory["a.txt"], "a.txt", 2)));
    }

    [Test]
    public void A_link_to_a_directory_is_not_followed()
    {
        using var elsewhere = new TempDirectory().Write("a.txt", "");
        using var directory = new TempDirectory();
        directory.Link("elsewhere", elsewhere.Path).Link("up", directory.Path);
        Assert.That(Walk(directory), Is.Empty);
    }

    [Test]
    public void A_link_to_a_file_is_planned_as_one_with_the_length_of_its_target()
    {
        using var directory = new TempDirectory().Write("a.txt", "12345").Link("b.txt", "a.txt");
        Assert.That(Walk(directory).Last(), Is.EqualTo(new PlannedFile(directory["b.txt"], "b.txt", 5, IsLink: true)));
    }

    [Test]
    public void A_link_that_may_not_be_followed_is_left_out()
    {
        using var elsewhere = new TempDirectory().Write("secret.txt", "one");
        using var directory = new TempDirectory().Write("a.txt", "one").Link("b.txt", "a.txt").Link("c.txt", elsewhere["secret.txt"]);
        var planner = new FilePlanner(directory.Path, (name, _) => Assert.Fail(name), path => !path.EndsWith("c.txt", StringComparison.Ordinal));
        Assert.That(planner.Walk().Select(file => file.Name), Is.EqualTo(["a.txt", "b.txt"]));
    }

    [TestCase("nowhere")]
    [TestCase("link")]
    public void A_broken_link_is_planned_so_that_its_reader_tells_of_it(string target)
    {
        using var directory = new TempDirectory().Link("link", target);
        Assert.That(Walk(directory).Single(), Is.EqualTo(new PlannedFile(directory["link"], "link", null, IsLink: true)));
    }

    [Test]
    [Platform("Linux")]
    public void A_link_to_a_device_is_not_planned()
    {
        using var directory = new TempDirectory().Link("zero", "/dev/zero");
        Assert.That(Walk(directory), Is.Empty);
    }

    [Test]
    public void A_directory_that_cannot_be_listed_is_told_and_the_walk_goes_on()
    {
        using var directory = new TempDirectory().Write("a.txt", "").Write("gone/b.txt", "").Write("kept/c.txt", "");
        var unreadable = new List<string>();
        var names = new List<string>();
        foreach (var file in new FilePlanner(directory.Path, (name, _) => unreadable.Add(name)).Walk())
        {
            names.Add(file.Name);
            if (file.Name is "a.txt")
            {
                // The walk has seen this directory and has yet to list it.
                Directory.Delete(directory["gone"], recursive: true);
            }
        }

        Assert.That(unreadable, Is.EqualTo(["gone"]));
        Assert.That(names, Is.EqualTo(["a.txt", "kept/c.txt"]));
    }

    [Test]
    public void A_root_that_cannot_be_listed_is_an_error()
    {
        using var directory = new TempDirectory();
        var planner = new FilePlanner(directory["gone"], (_, _) => { });
        Assert.That(() => planner.Walk().Count(), Throws.InstanceOf<DirectoryNotFoundException>());
    }

    private static IEnumerable<PlannedFile> Walk(TempDirectory directory) =>
        new FilePlanner(directory.Path, (name, exception) => Assert.Fail($"{name}: {exception.Message}")).Walk();
}
