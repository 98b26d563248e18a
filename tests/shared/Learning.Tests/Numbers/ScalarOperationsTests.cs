using IntraDA.Learning.Numbers;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Numbers;

public sealed class ScalarOperationsTests
{
    [Fact]
    public void They_compute_what_their_names_say()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -2.0, 3.0 });
        var two = tensor(new[] { 2.0, 4.0 });
        Equal([-6, 9], x.Times(3));
        Equal([-1, 1.5], x.Over(2));
        Equal([-1, 4], x.Plus(1));
        Equal([-0.4, 3], x.LeakyRectified(0.2));
        Equal([-4, 6], x.clone().TimesInPlace(2));
        Equal([-0.5, 0.75], x.clone().OverInPlace(4));
        Equal([-1.5, 3.5], x.clone().PlusInPlace(0.5));
        Equal([-3, 1], x.clone().PlusInPlace(two, -0.5));
        Equal([-10, 27], x.clone().PlusProductInPlace(x, two, 2));
        Equal([-1, 2.25], x.clone().PlusQuotientInPlace(x, two, -1));
        Equal([0, 1], x.clone().ClampInPlace(0, 1));
        Equal([4, 9], x.clone().PowerInPlace(2));
        Assert.Equal(8, tensor(7L).PlusInPlace(1L).item<long>());
    }

    // The collector runs all the while: an operand that nobody holds would be freed under the operation.
    [Fact]
    public async Task They_hold_their_numbers_while_the_collector_runs()
    {
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    GC.Collect(0, GCCollectionMode.Forced);
                    GC.WaitForPendingFinalizers();
                }
            },
            CancellationToken.None);
        try
        {
            using var scope = NewDisposeScope();
            var x = zeros(4096);
            for (var i = 0; i < 20_000; i++)
            {
                x.PlusInPlace(1.0).TimesInPlace(0.5);
            }

            Assert.Equal(1f, x[0].item<float>(), 1e-6f);
        }
        finally
        {
            await stop.CancelAsync();
            await collector;
        }
    }

    private static void Equal(double[] expected, Tensor actual)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(expected, actual.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }
}
