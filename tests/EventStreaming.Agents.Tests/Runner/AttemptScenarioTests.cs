using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runner;

/// <summary>Whatever attempts do, and whenever a run is told to stop, it ends once, and as the registry says.</summary>
internal sealed class AttemptScenarioTests
{
    private const int Scenarios = 600;

    [Test]
    public async Task Whatever_happens_a_run_ends_once_and_no_attempt_is_made_too_many()
    {
        var faults = new List<string>();
        for (var seed = 0; seed < Scenarios; seed++)
        {
            var scenario = AttemptScenario.Create(new Random(seed));
            await using var driver = new AttemptScenarioDriver(scenario);
            faults.AddRange((await driver.PlayAsync()).Select(fault => $"seed {seed} ({scenario}): {fault}"));
        }

        Assert.That(faults, Is.Empty);
    }
}
