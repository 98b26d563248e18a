using IntraDA.Data.Layouts;

namespace IntraDA.Data.Tests.Layouts;

public sealed class UrbanClassesTests
{
    [Fact]
    public void The_published_mean_over_13_of_16_classes_leaves_out_wall_fence_and_pole()
    {
        var names = UrbanClasses.Classes("16").Names;
        var star = UrbanClasses.StarTrainIds(names)!;
        Assert.Equal(UrbanClasses.Classes("13").Names, star.Select(id => names[id]));
        Assert.Equal(["wall", "fence", "pole"], names.Where((_, id) => !star.Contains(id)));
    }

    [Theory]
    [InlineData("19")]
    [InlineData("13")]
    public void Other_label_spaces_have_no_such_mean(string protocol) =>
        Assert.Null(UrbanClasses.StarTrainIds(UrbanClasses.Classes(protocol).Names));
}
