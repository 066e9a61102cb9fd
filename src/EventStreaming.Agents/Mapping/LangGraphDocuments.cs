using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What a retriever found: a list of documents, or an object with one.</summary>
internal static class LangGraphDocuments
{
    public static List<KnowledgeSource> Read(JsonElement? output)
    {
        var list = output is { ValueKind: JsonValueKind.Object } wrapped ? wrapped.Find("documents") : output;
        var sources = new List<KnowledgeSource>();
        if (list is { ValueKind: JsonValueKind.Array } documents)
        {
            foreach (var document in documents.EnumerateArray())
            {
                sources.Add(Read(LangChainMessage.Unwrap(document), sources.Count + 1));
            }
        }

        return sources;
    }

    private static KnowledgeSource Read(JsonElement document, int number)
    {
        var metadata = document.FindObject("metadata") ?? default;
        var uri = metadata.Words("source", "url", "uri");
        var title = metadata.Words("title", "name", "file_name") ?? uri;
        return new KnowledgeSource(
            document.Words("id") ?? metadata.Words("id", "doc_id") ?? uri ?? number.ToString(CultureInfo.InvariantCulture),
            title ?? string.Create(CultureInfo.InvariantCulture, $"Document {number}"),
            uri,
            metadata.Words("media_type", "content_type"),
            metadata.Number("relevance_score", "score", "relevance") is >= 0 and <= 1 and var relevance ? relevance : null);
    }
}
