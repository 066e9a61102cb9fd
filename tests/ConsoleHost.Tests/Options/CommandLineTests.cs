using ConsoleHost.Options;
using ConsoleHost.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace ConsoleHost.Tests.Options;

internal sealed class CommandLineTests
{
    [Test]
    public void The_directory_is_by_default_the_repository_around_the_current_one()
    {
        using var directory = new TempDirectory().Write(RepositoryRoot.Mark, "").Write("src/below/a.txt", "");
        var line = CommandLine.Parse([], directory["src/below"]);
        Assert.That(line.Options!.Directory, Is.EqualTo(directory.Path));
    }

    [Test]
    public void Outside_of_a_repository_it_is_the_one_that_the_program_was_built_in()
    {
        using var directory = new TempDirectory();
        var line = CommandLine.Parse([], directory.Path);
        Assert.That(line.Options!.Directory, Is.EqualTo(RepositoryRoot.Find(AppContext.BaseDirectory)));
    }

    [Test]
    public void All_options_may_stand_in_any_order()
    {
        using var directory = new TempDirectory().Write("below/a.txt", "");
        var line = CommandLine.Parse(["--slow-consumer", "below/", "--workers", "3"], directory.Path);
        Assert.That(line.Options, Is.EqualTo(new HostOptions(directory["below"], 3, SlowConsumer: true)));
    }

    [Test]
    public void There_are_several_workers_by_default()
    {
        using var directory = new TempDirectory();
        Assert.That(CommandLine.Parse(["."], directory.Path).Options!.Workers, Is.InRange(2, 8));
    }

    [TestCase("--workers is '65'; use 1 to 64.", "--workers", "65")]
    [TestCase("--workers is 'many'; use 1 to 64.", "--workers", "many")]
    [TestCase("--workers is '-1'; use 1 to 64.", "--workers", "-1")]
    [TestCase("--workers is not followed by a number; use 1 to 64.", "--workers")]
    [TestCase("There are two directories, '.' and '..'; give one.", ".", "..")]
    [TestCase("'-x' is not an option; --help lists them. For a directory of that name, write './-x'.", "-x")]
    [TestCase("'file.txt' is a file; name the directory that it is in.", "file.txt")]
    [TestCase("There is no directory 'missing'; name one that exists.", "missing")]
    [TestCase("The directory's name is empty; name the DIRECTORY to index, or leave it out for this repository.", "")]
    public void An_argument_that_cannot_be_used_is_named_with_a_remedy(string error, params string[] args)
    {
        using var directory = new TempDirectory().Write("file.txt", "");
        var line = CommandLine.Parse(args, directory.Path);
        Assert.That(line.Error, Is.EqualTo(error));
        Assert.That(line.Options, Is.Null);
    }

    [TestCase("--help")]
    [TestCase("-h")]
    public void Help_is_neither_options_nor_an_error(string argument) =>
        Assert.That(CommandLine.Parse(["--slow-consumer", argument], "/"), Is.EqualTo(new CommandLine(null, null)));
}
