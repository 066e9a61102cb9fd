namespace EventStreaming.Tests.Stress;

/// <summary>
/// Starves the cores: more threads that only spin than there are cores, so that every other thread is preempted in the middle of whatever it
/// does. A seam between two steps that is a nanosecond wide on an idle machine is milliseconds wide here.
/// </summary>
internal sealed class BusyCores : IDisposable
{
    private readonly List<Thread> _threads = [];
    private volatile bool _stop;

    public BusyCores()
    {
        for (var i = 0; i <= Environment.ProcessorCount; i++)
        {
            var thread = new Thread(Spin) { IsBackground = true, Name = $"busy {i}" };
            thread.Start();
            _threads.Add(thread);
        }
    }

    public void Dispose()
    {
        _stop = true;
        foreach (var thread in _threads)
        {
            thread.Join();
        }
    }

    private void Spin()
    {
        while (!_stop)
        {
            Thread.SpinWait(1_000);
        }
    }
}
