using IntraDA.Trainer.Loading;

namespace IntraDA.Trainer.Tests.Loading;

public sealed class SampleCacheTests
{
    [Fact]
    public void It_keeps_what_fits_and_no_more()
    {
        var cache = new SampleCache(25);
        var sample = new Sample(new byte[8], new byte[2]);
        cache.Keep("a", sample);
        cache.Keep("a", sample);
        cache.Keep("b", sample);
        cache.Keep("c", sample);
        Assert.Same(sample, cache.Find("a"));
        Assert.Same(sample, cache.Find("b"));
        Assert.Null(cache.Find("c"));
        Assert.Equal(20, cache.SizeBytes);
    }
}
