namespace IntraDA.Gateway.Reporting.Tests.Samples;

/// <summary>Which parts a sample has.</summary>
internal sealed record SampleOptions
{
    public int TargetImages { get; init; } = 300;

    public int ValidationImages { get; init; } = 60;

    public int Width { get; init; } = 240;

    public bool WithValidation { get; init; } = true;

    public bool WithIntra { get; init; } = true;

    public bool WithControls { get; init; } = true;

    public double Lambda { get; init; } = 0.67;

    public bool KnownConditions { get; init; } = true;

    /// <summary>Adds this to the score of each hard image; negative: the ranking is upside down.</summary>
    public double HardShift { get; init; } = 0.009;

    public double IntraMiou { get; init; } = 0.484;

    public string Title { get; init; } = "Synthetic streets, seed 7";

    public bool BestOnValidation { get; init; }

    /// <summary>Whether another version of the trainer began step one.</summary>
    public bool WithReplacedTrainer { get; init; }
}
