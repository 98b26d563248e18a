using IntraDA.Gateway.Trainers;

namespace IntraDA.Gateway.Tests.Trainers;

public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("1.2.3", "1.2.4", false)]
    [InlineData("=1.2.3", "1.2.3", true)]
    [InlineData("1.x", "1.9.9", true)]
    [InlineData("1.x", "2.0.0", false)]
    [InlineData("1", "1.0.0", true)]
    [InlineData("1.2.*", "1.2.7", true)]
    [InlineData("1.2.*", "1.3.0", false)]
    [InlineData("*", "7.0.1", true)]
    [InlineData("^1.2", "1.2.0", true)]
    [InlineData("^1.2", "1.9.0", true)]
    [InlineData("^1.2", "1.1.9", false)]
    [InlineData("^1.2", "2.0.0", false)]
    [InlineData("^0.2.3", "0.2.9", true)]
    [InlineData("^0.2.3", "0.3.0", false)]
    [InlineData("^0.0.3", "0.0.3", true)]
    [InlineData("^0.0.3", "0.0.4", false)]
    [InlineData("~1.2.3", "1.2.9", true)]
    [InlineData("~1.2.3", "1.3.0", false)]
    [InlineData("~1", "1.9.0", true)]
    [InlineData(">=1.0 <2.0", "1.5.0", true)]
    [InlineData(">=1.0 <2.0", "2.0.0", false)]
    [InlineData(">1", "1.9.0", false)]
    [InlineData(">1", "2.0.0", true)]
    [InlineData("<=1", "1.9.0", true)]
    [InlineData(">= 1.2", "1.2.0", true)]
    [InlineData(">= 1.2", "1.1.9", false)]
    [InlineData(">= 1.2 < 2", "1.9.0", true)]
    [InlineData(">= 1.2 < 2", "2.0.0", false)]
    [InlineData("^ 1.2 || ~ 3.1", "3.1.4", true)]
    [InlineData("1.2 - 1.4", "1.2.0", true)]
    [InlineData("1.2 - 1.4", "1.4.9", true)]
    [InlineData("1.2 - 1.4", "1.5.0", false)]
    [InlineData("1.2.3 - 1.4.0", "1.4.1", false)]
    [InlineData("1.2.3 - 1.4.0", "1.2.2", false)]
    [InlineData("1.2 - 1.4 || 2.x", "2.7.0", true)]
    [InlineData("^0.1", "0.1.9", true)]
    [InlineData("^0.1", "0.2.0", false)]
    [InlineData("^0", "0.2.0", true)]
    [InlineData("1.x || 3.x", "3.1.0", true)]
    [InlineData("1.x || 3.x", "2.1.0", false)]
    [InlineData("^1.2", "1.3.0-beta.1", false)]
    [InlineData("^1.3.0-beta.1", "1.3.0-beta.2", true)]
    [InlineData("^1.3.0-beta.10", "1.3.0-beta.9", false)]
    public void A_range_contains_what_npm_says_it_contains(string range, string version, bool expected)
    {
        Assert.True(VersionRange.TryParse(range, out var parsed));
        Assert.True(SemanticVersion.TryParse(version, out var candidate));
        Assert.Equal(expected, parsed.Contains(candidate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("1.x.3")]
    [InlineData("1.2.3.4")]
    [InlineData(">>1")]
    [InlineData("1 ||")]
    [InlineData("-1")]
    [InlineData(">=")]
    [InlineData(">= >= 1")]
    [InlineData("1.2 -")]
    [InlineData("1.2 - 1.4 <2")]
    [InlineData(">=1.2 - 1.4")]
    public void What_is_no_range_is_refused(string range) => Assert.False(VersionRange.TryParse(range, out _));

    [Theory]
    [InlineData("", true)]
    [InlineData("mine", true)]
    [InlineData("mine@1.x", true)]
    [InlineData("mine@", false)]
    [InlineData("@1.x", false)]
    [InlineData("a b", false)]
    public void A_selector_is_a_name_with_or_without_a_range(string text, bool expected) =>
        Assert.Equal(expected, TrainerSelector.TryParse(text, out _));
}
