using IntraDA.Artifacts.Store;

namespace IntraDA.Artifacts.Tests.Store;

public sealed class ArtifactKeyTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a/b.c/d_e-f")]
    [InlineData(".hidden")]
    [InlineData("...")]
    [InlineData("0/1")]
    public void A_key_of_the_alphabet_is_taken(string key) => Assert.Equal(key, ArtifactKey.Validate(key));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("/a", "empty segment")]
    [InlineData("a/", "empty segment")]
    [InlineData("a//b", "empty segment")]
    [InlineData("a/./b", "'.' segment")]
    [InlineData("../a", "'..' segment")]
    [InlineData("a/..", "'..' segment")]
    [InlineData("A", "U+0041")]
    [InlineData("a b", "U+0020")]
    [InlineData("a+b", "U+002B")]
    [InlineData("a\\b", "U+005C")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("a%2e", "U+0025")]
    [InlineData("ä", "U+00E4")]
    public void A_key_that_breaks_a_rule_is_refused_by_that_rule(string key, string rule)
    {
        var error = Assert.Throws<ArgumentException>(() => ArtifactKey.Validate(key));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_is_bounded_at_512()
    {
        Assert.True(ArtifactKey.IsValid(new string('a', 512)));
        Assert.False(ArtifactKey.IsValid(new string('a', 513)));
    }

    [Fact]
    public void A_blob_lies_under_its_digest()
    {
        var digest = new string('a', 62) + "0f";
        Assert.Equal($"blobs/sha256/aa/{digest}", ArtifactKey.Blob(digest));
        Assert.Throws<ArgumentException>(() => ArtifactKey.Blob(digest.ToUpperInvariant()));
        Assert.Throws<ArgumentException>(() => ArtifactKey.Blob(digest[1..]));
    }

    [Theory]
    [InlineData("", "a", "a")]
    [InlineData("p", "a", "p/a")]
    [InlineData("p/", "a", "p/a")]
    public void A_prefix_and_a_name_meet_with_one_slash(string prefix, string name, string key) =>
        Assert.Equal(key, ArtifactKey.Combine(prefix, name));
}
