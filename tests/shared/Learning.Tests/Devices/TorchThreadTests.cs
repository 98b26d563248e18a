using IntraDA.Learning.Devices;

namespace IntraDA.Learning.Tests.Devices;

public sealed class TorchThreadTests
{
    [Fact]
    public async Task All_work_runs_in_order_on_one_thread_that_is_not_the_callers()
    {
        using var thread = new TorchThread("test");
        var order = new List<int>();
        var threads = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => thread.RunAsync(() =>
        {
            order.Add(i);
            return Environment.CurrentManagedThreadId;
        })));
        Assert.Equal(Enumerable.Range(0, 20), order);
        Assert.Single(threads.Distinct());
        Assert.NotEqual(Environment.CurrentManagedThreadId, threads[0]);
    }

    [Fact]
    public async Task A_failure_reaches_who_asked_and_the_next_work_runs()
    {
        using var thread = new TorchThread("test");
        var failure = await Assert.ThrowsAsync<FormatException>(() => thread.RunAsync<int>(() => throw new FormatException("no")));
        Assert.Equal("no", failure.Message);
        Assert.Equal(3, await thread.RunAsync(() => 3));
    }

    [Fact]
    public async Task What_was_handed_in_is_done_before_the_thread_ends_and_nothing_is_taken_after()
    {
        var thread = new TorchThread("test");
        using var gate = new ManualResetEventSlim();
        var first = thread.RunAsync(() => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        var second = thread.RunAsync(() => Thread.CurrentThread);
        thread.Dispose();
        Assert.Throws<InvalidOperationException>(() => { _ = thread.RunAsync(() => 0); });
        gate.Set();
        Assert.True(await first);
        Assert.True((await second).Join(TimeSpan.FromMinutes(1)));
    }
}
