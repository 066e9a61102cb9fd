using NUnit.Framework;

namespace Indexing.Tests;

internal sealed class WorkSharesTests
{
    [Test]
    public void Every_file_is_dealt_once()
    {
        var files = Files(Enumerable.Range(0, 100).Select(i => (long)i * 1_000));
        var shares = WorkShares.Deal(files, 7);
        Assert.That(shares, Has.Count.EqualTo(7));
        Assert.That(shares.SelectMany(share => share), Is.EquivalentTo(files));
    }

    [Test]
    public void A_large_file_is_weighed_against_many_small_ones()
    {
        var shares = WorkShares.Deal(Files([10_000_000, .. Enumerable.Repeat(1_000L, 50)]), 2);
        Assert.That(shares.Select(share => share.Count), Is.EqualTo([1, 50]));
    }

    [Test]
    public void Small_files_are_dealt_evenly()
    {
        var shares = WorkShares.Deal(Files(Enumerable.Repeat(10L, 9)), 3);
        Assert.That(shares.Select(share => share.Count), Is.EqualTo([3, 3, 3]));
    }

    [Test]
    public void There_may_be_more_workers_than_files() =>
        Assert.That(WorkShares.Deal(Files([1]), 3).Select(share => share.Count), Is.EqualTo([1, 0, 0]));

    private static PlannedFile[] Files(IEnumerable<long> lengths) =>
        [.. lengths.Select((length, i) => new PlannedFile($"/{i:D3}", $"{i:D3}", length))];
}
