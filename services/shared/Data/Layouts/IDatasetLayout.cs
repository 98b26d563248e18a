using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>Knows where a kind of data set keeps its images and labels.</summary>
public interface IDatasetLayout
{
    /// <summary>Name in requests.</summary>
    string Name { get; }

    /// <summary>Lists the images of a folder.</summary>
    /// <param name="request">The folder and what of it; <see cref="LayoutRequest.Path"/> is an existing directory.</param>
    /// <returns>The images, all of which exist together with their labels.</returns>
    /// <exception cref="DatasetException">The folder is not as the layout says; one line with the fix.</exception>
    LayoutListing List(LayoutRequest request);
}
