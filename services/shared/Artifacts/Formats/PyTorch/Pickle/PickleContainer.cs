namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A value that holds others, and knows how deep they go so that nothing need ever follow them without end.</summary>
internal abstract class PickleContainer
{
    /// <summary>Containers within containers, this one included; what is put into a member later does not count.</summary>
    public int Depth { get; private set; } = 1;

    protected void Hold(object? value)
    {
        if (value is PickleContainer inner && inner.Depth >= Depth)
        {
            Depth = inner.Depth + 1;
            if (Depth > PickleLimits.Depth)
            {
                throw new ArtifactFormatException($"The checkpoint is refused: its values are nested deeper than {PickleLimits.Depth}.");
            }
        }
    }
}
