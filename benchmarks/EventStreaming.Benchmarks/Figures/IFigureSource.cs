namespace EventStreaming.Benchmarks.Figures;

/// <summary>Measures one figure, or several that belong together. A new one is listed in <see cref="FigureRunner"/>.</summary>
internal interface IFigureSource
{
    /// <summary>What the names of all its figures start with.</summary>
    string Name { get; }

    /// <summary>Measures. Throws when what it measured is not what its figures claim.</summary>
    Task<IReadOnlyList<Figure>> MeasureAsync();
}
