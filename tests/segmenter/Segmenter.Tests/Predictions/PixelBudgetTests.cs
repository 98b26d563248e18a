using IntraDA.Segmenter.Engines;
using IntraDA.Segmenter.Predictions;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Tests.Predictions;

public sealed class PixelBudgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task However_many_take_at_once_no_more_is_taken_than_there_is()
    {
        var budget = Budget(1000);
        var most = 0L;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(
            async () =>
            {
                using var share = await budget.TakeAsync(1 + (i * 7 % 600), Token);
                InterlockedMax(ref most, budget.Taken);
                await Task.Yield();
            },
            Token)));
        Assert.InRange(most, 1, 1000);
        Assert.Equal(0, budget.Taken);
    }

    [Fact(Timeout = 60_000)]
    public async Task Who_came_first_goes_first_also_where_one_behind_would_fit()
    {
        var budget = Budget(1000);
        var first = await budget.TakeAsync(600, Token);
        var large = budget.TakeAsync(500, Token);
        var small = budget.TakeAsync(100, Token);
        Assert.False(large.IsCompleted || small.IsCompleted);
        first.Dispose();
        first.Dispose();
        using (await large)
        using (await small)
        {
            Assert.Equal(600, budget.Taken);
        }

        Assert.Equal(0, budget.Taken);
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_gives_up_lets_those_behind_it_pass()
    {
        var budget = Budget(1000);
        using var first = await budget.TakeAsync(600, Token);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var large = budget.TakeAsync(500, caller.Token);
        var small = budget.TakeAsync(100, Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        using var passed = await small;
        Assert.Equal(700, budget.Taken);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_larger_than_all_of_it_has_it_to_itself()
    {
        var budget = Budget(1000);
        using (var small = await budget.TakeAsync(1, Token))
        {
            var huge = budget.TakeAsync(5000, Token);
            Assert.False(huge.IsCompleted);
            small.Dispose();
            using var held = await huge;
            Assert.Equal(1000, budget.Taken);
            Assert.False(budget.TakeAsync(1, Token).IsCompleted);
        }
    }

    private static PixelBudget Budget(long pixels) => new(Options.Create(new SegmenterOptions { DecodedPixels = pixels }));

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Interlocked.Read(ref most); value > seen; seen = Interlocked.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
