using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace IntraDA.Parity.Tests.Fixtures;

/// <summary><c>parity.json</c>. Settings that the fixtures leave out have the values that their README gives.</summary>
internal sealed partial record ParityDocument
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Default)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required int Classes { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int[] Layers { get; init; }

    public required double Seed { get; init; }

    public required int Iterations { get; init; }

    public required string[] Images { get; init; }

    public required string[] Labels { get; init; }

    public required int SourceCount { get; init; }

    public required double LearningRate { get; init; }

    public double LambdaSegMain { get; init; } = 1;

    public double LambdaSegAux { get; init; } = 0.1;

    public double LambdaAdvMain { get; init; } = 0.001;

    public double LambdaAdvAux { get; init; } = 0.0002;

    public double LambdaEntMain { get; init; } = 0.001;

    public double LambdaEntAux { get; init; } = 0.0002;

    public double HeadLearningRateFactor { get; init; } = 10;

    public double Momentum { get; init; } = 0.9;

    public double WeightDecay { get; init; } = 5e-4;

    public double DiscriminatorLearningRate { get; init; } = 1e-4;

    public double PolyPower { get; init; } = 0.9;

    public int ScheduleIterations { get; init; } = 250_000;

    public required IReadOnlyDictionary<string, ClassifierChange> InferenceClassifier { get; init; }

    public required IReadOnlyList<ParameterEntry> NetworkParameters { get; init; }

    public required IReadOnlyList<ParameterEntry> DiscriminatorParameters { get; init; }

    /// <summary>Pairs of file name and score.</summary>
    public required JsonElement[][] Scores { get; init; }

    public required IReadOnlyDictionary<string, TrainingEntry> Training { get; init; }

    public required IReadOnlyDictionary<string, int> PublishedUpdateMultiplicity { get; init; }

    public required MiouEntry Miou { get; init; }

    /// <summary>Pairs of iteration and learning rate.</summary>
    public required double[][] LrPoly { get; init; }

    public static ParityDocument Read(string folder)
    {
        // Python writes NaN (the IoU of a class that is nowhere) as a bare word, which JSON does not know.
        var text = BareNumberWord().Replace(File.ReadAllText(Path.Combine(folder, FixtureFolder.Document)), "\"$0\"");
        return JsonSerializer.Deserialize<ParityDocument>(text, Options)!;
    }

    [GeneratedRegex("""(?<=[\[,:]\s*)(NaN|-?Infinity)(?=\s*[\],}])""")]
    private static partial Regex BareNumberWord();
}
