namespace IntraDA.Cli.Studies;

/// <summary>
/// Published mIoU in percent on Cityscapes val, GTA5 to Cityscapes, DeepLab-v2 ResNet-101, 19 classes (Pan et al., CVPR 2020: the
/// ablation and the table of lambda).
/// </summary>
internal static class PaperTables
{
    /// <summary>Without adaptation.</summary>
    public const double SourceOnly = 36.6;

    /// <summary>Step one alone.</summary>
    public const double AdvEnt = 43.8;

    /// <summary>Step two with the adversary alone.</summary>
    public const double AdversaryOnly = 45.1;

    /// <summary>Step two with self-training alone (lambda 1).</summary>
    public const double SelfTrainingOnly = 45.5;

    /// <summary>Step two as published.</summary>
    public const double Both = 46.3;

    /// <summary>Step two as published, images ranked with the rare-class factor ("entropy normalisation").</summary>
    public const double BothNormalized = 47.0;

    /// <summary>The lambda of the published result.</summary>
    public const double PublishedLambda = 0.67;

    /// <summary>mIoU by lambda.</summary>
    public static IReadOnlyDictionary<double, double> ByLambda { get; } = new Dictionary<double, double>
    {
        [0] = 43.8,
        [0.5] = 45.2,
        [0.6] = 46.0,
        [0.67] = 46.3,
        [0.7] = 45.6,
        [1] = 45.5,
    };
}
