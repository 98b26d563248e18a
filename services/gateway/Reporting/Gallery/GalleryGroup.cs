namespace IntraDA.Gateway.Reporting.Gallery;

/// <summary>Where in the ranking of the validation set an image stands.</summary>
public enum GalleryGroup
{
    /// <summary>The lowest scores.</summary>
    Easiest,

    /// <summary>Around the median score.</summary>
    Median,

    /// <summary>The highest scores.</summary>
    Hardest,
}
