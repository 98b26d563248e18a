using IntraDA.Cli.Predict;

namespace IntraDA.Cli.Tests.Predict;

public sealed class ImagePathsTests
{
    [Fact]
    public void A_folder_means_the_images_in_it_and_each_file_counts_once()
    {
        using var folder = new TempFolder();
        foreach (var name in new[] { "b.JPG", "a.png", "notes.txt", "._a.png" })
        {
            File.WriteAllText(folder[name], "");
        }

        var problems = new List<string>();
        var images = ImagePaths.Expand([folder[("a.png")], folder.Path, folder["gone.png"]], problems.Add);

        Assert.Equal([folder["a.png"], folder["b.JPG"]], images);
        Assert.Equal($"{folder["gone.png"]}: there is no such file; check the path", Assert.Single(problems));
    }

    [Fact]
    public void A_folder_without_images_is_named()
    {
        using var folder = new TempFolder();
        var problems = new List<string>();

        Assert.Empty(ImagePaths.Expand([folder.Path], problems.Add));
        Assert.Contains("holds no .png", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_names_of_different_folders_do_not_overwrite_each_other() =>
        Assert.Equal(["x", "x-2", "x-3", "y"], ImagePaths.ResultNames(["a/x.png", "b/x.jpg", "c/x.png", "y.png"]));
}
