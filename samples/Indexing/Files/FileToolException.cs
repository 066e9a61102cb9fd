namespace Indexing.Files;

/// <summary>A file tool cannot do what it was asked; the message says why and what to ask instead, and nothing of what is outside the directory.</summary>
public sealed class FileToolException(string message) : Exception(message);
