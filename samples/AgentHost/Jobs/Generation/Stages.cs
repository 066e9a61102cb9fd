using EventStreaming.Agents;

namespace AgentHost.Jobs.Generation;

/// <summary>The stages of an iteration, each with where in the run it begins. What is deep in the call chain tells them without being given the run.</summary>
internal static class Stages
{
    public static readonly Stage IterationStart = new("iteration_start", 0.05);
    public static readonly Stage IntentDetection = new("intent_detection", 0.10);
    public static readonly Stage ContextBuilding = new("context_building", 0.20);
    public static readonly Stage IterationMode = new("iteration_mode", 0.35);
    public static readonly Stage CodeGeneration = new("code_generation", 0.40);
    public static readonly Stage LlmGeneration = new("llm_generation", 0.50);
    public static readonly Stage GeminiProcessing = new("gemini_processing", 0.60);
    public static readonly Stage ParsingResponse = new("parsing_response", 0.70);
    public static readonly Stage MergingFiles = new("merging_files", 0.80);
    public static readonly Stage IterationComplete = new("iteration_complete", 1);
    public static readonly Stage IterationNoChanges = new("iteration_no_changes", 1);

    /// <summary>Tells that a stage begins.</summary>
    public static void Enter(Stage stage, string message) => AgentRun.Current?.Progress(stage.Fraction, stage.Name, message);

    /// <summary>Tells how far a stage is, which ends where another begins.</summary>
    public static AgentProgress? Within(Stage stage, Stage next) => AgentRun.Current?.ProgressRange(stage.Fraction, next.Fraction, stage.Name);
}
