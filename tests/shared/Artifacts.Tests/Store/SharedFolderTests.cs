namespace IntraDA.Artifacts.Tests.Store;

public sealed class SharedFolderTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Without_the_folder_or_outside_of_CI_tests_are_skipped_with_the_reason(bool isCi, bool isExpected) =>
        Assert.Equal("no server", SharedFolder.SkipOrFail("no server", isCi, isExpected));

    [Fact]
    public void With_the_folder_CI_fails_rather_than_skips() =>
        Assert.Equal("no server", Assert.Throws<InvalidOperationException>(() => SharedFolder.SkipOrFail("no server", isCi: true, isExpected: true)).Message);
}
