using FsCheck.NUnit;

namespace EventStreaming.Tests.Model;

internal sealed class BusModelTests
{
#pragma warning disable NUnit1027 // FsCheck gives the argument.
    /// <summary>A failure prints its seed; give it as <c>Replay = "…"</c> to see that run again.</summary>
    [Property(Arbitrary = [typeof(ScenarioArbitrary)], MaxTest = 2_000, QuietOnSuccess = true)]
    public static Task Whatever_is_done_every_reader_sees_exactly_what_the_model_predicts(Scenario scenario) => ModelRun.ExecuteAsync(scenario);
#pragma warning restore NUnit1027
}
