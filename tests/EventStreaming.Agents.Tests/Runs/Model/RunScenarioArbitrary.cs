using FsCheck;
using FsCheck.Fluent;

namespace EventStreaming.Agents.Tests.Runs.Model;

/// <summary>Draws scenarios, and makes failing ones smaller.</summary>
internal static class RunScenarioArbitrary
{
    // A run that is ended at once shows little, so ends are rare; what a run is made of is common.
    private static readonly Gen<RunAction> s_action = Gen.Frequency(Enum.GetValues<RunAction>().Select(static action => (WeightOf(action), Gen.Constant(action))));

    private static readonly Gen<RunCommand> s_command =
        from action in s_action
        from target in Gen.Choose(0, 7)
        from value in Gen.Choose(0, 11)
        select new RunCommand(action, target, value);

    public static Arbitrary<RunScenario> RunScenario() => Arb.ToArbitrary(
        from length in Gen.Choose(0, 80)
        from commands in Gen.ArrayOf(s_command, length)
        from throws in Gen.Elements(false, true)
        select new RunScenario(commands, throws),
        Shrink);

    private static int WeightOf(RunAction action) => action switch
    {
        RunAction.CompleteRun or RunAction.CancelRun or RunAction.FailRun or RunAction.DisposeRun or RunAction.CancelToken => 1,
        RunAction.Append => 24,
        RunAction.Progress or RunAction.ToolProgress => 16,
        _ => 8,
    };

    private static IEnumerable<RunScenario> Shrink(RunScenario scenario)
    {
        for (var size = scenario.Commands.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at < scenario.Commands.Length; at += size)
            {
                yield return scenario with { Commands = [.. scenario.Commands[..at], .. scenario.Commands[Math.Min(at + size, scenario.Commands.Length)..]] };
            }
        }
    }
}
