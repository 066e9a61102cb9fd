namespace Indexing;

/// <summary>A note that someone left to be dealt with.</summary>
/// <param name="Kind">The word.</param>
/// <param name="Line">The line it is in, from 1.</param>
internal readonly record struct Marker(string Kind, long Line);
