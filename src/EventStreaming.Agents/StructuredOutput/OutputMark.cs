namespace EventStreaming.Agents;

/// <summary>What begins, divides or ends a block.</summary>
internal enum OutputMark
{
    ThinkingStart,
    ThinkingEnd,
    Query,
    Results,
    Analysis,
    Citations,
    JsonFence,
    VisualizationFence,
    FenceEnd,
}
