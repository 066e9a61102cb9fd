namespace Indexing.Files;

/// <summary>Tells which files fit some terms best: those with many of them, and with those that few files have (BM25 without lengths).</summary>
internal sealed class FileScorer(IReadOnlyList<string> terms)
{
    private const double Saturation = 1.2;
    private const double NameWeight = 1.5;
    private const int MaxLines = 8;
    private const int MaxLineLength = 160;

    private readonly List<Found> _found = [];
    private readonly int[] _filesWith = new int[terms.Count];
    private int _searched;

    public void Add(string name, string text)
    {
        _searched++;
        var counts = new int[terms.Count];
        var lines = new List<LineHit>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (Count(line, counts) && lines.Count < MaxLines)
            {
                var shown = line.Trim();
                lines.Add(new LineHit(number, shown[..Math.Min(shown.Length, MaxLineLength)].ToString()));
            }
        }

        var inName = new int[terms.Count];
        Count(name, inName);
        if (counts.Concat(inName).All(static count => count == 0))
        {
            return;
        }

        for (var i = 0; i < counts.Length; i++)
        {
            _filesWith[i] += counts[i] + inName[i] > 0 ? 1 : 0;
        }

        _found.Add(new Found(name, counts, inName, lines));
    }

    public FileSearch ToSearch()
    {
        var weights = Array.ConvertAll(_filesWith, with => Math.Log(1 + ((_searched - with + 0.5) / (with + 0.5))));
        var best = weights.Sum() * (Saturation + 1 + NameWeight);
        return new FileSearch(
            terms,
            _searched,
            [
                .. _found
                    .Select(file => new FileMatch(file.Name, Math.Round(Score(file, weights) / best, 4), file.Counts.Sum(), file.Lines))
                    .OrderByDescending(static match => match.Relevance)
                    .ThenBy(static match => match.Name, StringComparer.Ordinal),
            ]);
    }

    private static double Score(Found file, double[] weights) => weights
        .Select((weight, i) => weight * ((file.Counts[i] * (Saturation + 1) / (file.Counts[i] + Saturation)) + (file.InName[i] > 0 ? NameWeight : 0)))
        .Sum();

    private bool Count(ReadOnlySpan<char> text, int[] counts)
    {
        var any = false;
        for (var i = 0; i < counts.Length; i++)
        {
            var count = SearchTerms.CountIn(text, terms[i]);
            counts[i] += count;
            any |= count > 0;
        }

        return any;
    }

    private sealed record Found(string Name, int[] Counts, int[] InName, IReadOnlyList<LineHit> Lines);
}
