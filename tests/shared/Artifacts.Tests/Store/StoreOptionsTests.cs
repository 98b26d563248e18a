using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class StoreOptionsTests
{
    [Fact]
    public void Every_violation_is_listed_at_once()
    {
        var options = new StoreOptions { Kind = StoreKind.S3, Endpoint = "http://user:pw@host/path", Bucket = "B", Region = " ", Prefix = "../x" };
        var error = Assert.Throws<ArgumentException>(() => ArtifactStoreFactory.Create(options, TimeProvider.System));
        foreach (var name in new[] { "Endpoint", "Bucket", "AccessKey", "SecretKey", "Region", "Prefix" })
        {
            Assert.Contains($"Store:{name}", error.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("pw", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host:9000")]
    [InlineData("http://host:9000")]
    [InlineData("https://s3.example.org")]
    public void An_endpoint_may_be_a_name_or_a_url(string endpoint) => Assert.Empty(
        new StoreOptions { Kind = StoreKind.S3, Endpoint = endpoint, Bucket = "bucket", AccessKey = "a", SecretKey = "s" }.Validate());

    [Fact]
    public void A_local_store_needs_a_directory() => Assert.Contains("Store:Directory", Assert.Single(new StoreOptions().Validate()), StringComparison.Ordinal);
}
