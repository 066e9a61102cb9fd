namespace Indexing;

/// <summary>What a file turned out to be.</summary>
internal enum FileKind
{
    Text,
    Binary,
    Unreadable,
}
