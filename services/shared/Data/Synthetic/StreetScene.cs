namespace IntraDA.Data.Synthetic;

/// <summary>One rendered street with its label map.</summary>
public sealed class StreetScene
{
    internal StreetScene(int width, int height, byte[] rgb, byte[] trainIds, StreetCondition condition, double severity)
    {
        Width = width;
        Height = height;
        Rgb = rgb;
        TrainIds = trainIds;
        Condition = condition;
        Severity = severity;
    }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The image, Height x Width x 3 bytes, row-major, red first.</summary>
    public byte[] Rgb { get; }

    /// <summary>The train ids, Height x Width bytes, row-major, 0 to 10.</summary>
    public byte[] TrainIds { get; }

    /// <summary>The condition the scene was recorded in; always clear in the game domain.</summary>
    public StreetCondition Condition { get; }

    /// <summary>How strong the condition is: 0 for clear, otherwise 0.5 to 1.</summary>
    public double Severity { get; }
}
