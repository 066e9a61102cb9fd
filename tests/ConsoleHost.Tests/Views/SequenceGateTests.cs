using ConsoleHost.Views;
using NUnit.Framework;

namespace ConsoleHost.Tests.Views;

internal sealed class SequenceGateTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_waiter_goes_on_when_the_sequence_is_reached()
    {
        var gate = new SequenceGate();
        var waiting = gate.WaitAsync(3);
        gate.Advance(2);
        Assert.That(waiting.IsCompleted, Is.False);

        gate.Advance(5);
        Assert.That(await waiting.WaitAsync(Patience), Is.True);
        Assert.That(gate.Sequence, Is.EqualTo(5));
    }

    [Test]
    public async Task A_sequence_already_reached_is_not_waited_for()
    {
        var gate = new SequenceGate();
        gate.Advance(3);
        Assert.That(await gate.WaitAsync(3).WaitAsync(Patience), Is.True);
    }

    [Test]
    public async Task An_open_gate_holds_nobody()
    {
        var gate = new SequenceGate();
        var waiting = gate.WaitAsync(3);
        gate.Open();
        Assert.That(await waiting.WaitAsync(Patience), Is.False);
        Assert.That(await gate.WaitAsync(9).WaitAsync(Patience), Is.False);
    }
}
