namespace IntraDA.Trainer.Training;

/// <summary>The published settings (ADVENT's configuration, method.md 4.14 and 4.20): what an unset option means to this trainer.</summary>
internal static class PublishedDefaults
{
    public const int Iterations = 120_000;
    public const int ScheduleIterations = 250_000;
    public const int BatchSize = 1;
    public const int LabelledWidth = 1280;
    public const int LabelledHeight = 720;
    public const int UnlabelledWidth = 1024;
    public const int UnlabelledHeight = 512;
    public const double LearningRate = 2.5e-4;
    public const double HeadRateFactor = 10;
    public const double Momentum = 0.9;
    public const double WeightDecay = 5e-4;
    public const double PolyPower = 0.9;
    public const double DiscriminatorRate = 1e-4;
    public const int DiscriminatorWidth = 64;
    public const double SegMain = 1;
    public const double SegAux = 0.1;
    public const double TargetMain = 0.001;
    public const double TargetAux = 0.0002;
    public const ulong Seed = 1234;
    public const int CheckpointEvery = 2000;
}
