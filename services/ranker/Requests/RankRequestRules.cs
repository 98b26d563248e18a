using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Hosting.Errors;
using IntraDA.Ranker.PseudoLabels;
using IntraDA.Ranker.Ranking;

namespace IntraDA.Ranker.Requests;

/// <summary>Checks requests, and gives the rules that they ask for with the defaults filled in.</summary>
internal static class RankRequestRules
{
    private const double DefaultLambda = 0.67;
    private const double DefaultConfidenceThreshold = 0.9;
    private const double DefaultClassShare = 0.5;
    private const int MaxClasses = 254;

    public static RankingRule Check(RankRequest request)
    {
        var validator = new RequestValidator();
        validator.RequireArtifact(request.ScoreTable, "score_table");
        RequirePrefix(validator, request.OutputPrefix);
        var options = request.Options ?? new RankingOptions();
        var lambda = options.HasLambda ? options.Lambda : DefaultLambda;
        validator.Require(lambda is >= 0 and <= 1, "options.lambda", "Lambda is the share of easy images, 0 to 1.");
        validator.Require(Enum.IsDefined(options.Method), "options.method", "ENTROPY and RARE_CLASS are known.");
        var rare = options.Method == RankingMethod.RareClass;
        validator.Require(
            !rare || options.RareTrainIds.Count > 0, "options.rare_train_ids", "RARE_CLASS needs the rare classes: list their train ids, a score table does not say which are.");
        validator.Require(
            options.RareTrainIds.All(id => id is >= 0 and < MaxClasses) && options.RareTrainIds.Distinct().Count() == options.RareTrainIds.Count,
            "options.rare_train_ids",
            $"Train ids are 0 to {MaxClasses - 1}, each at most once.");
        validator.ThrowIfAny();
        return new RankingRule(lambda, rare ? [.. options.RareTrainIds] : []);
    }

    public static PseudoLabelRule Check(GeneratePseudoLabelsRequest request)
    {
        var validator = new RequestValidator();
        validator.RequireArtifact(request.Dataset, "dataset");
        validator.RequireArtifact(request.Predictions, "predictions");
        validator.RequireArtifact(request.EasySplit, "easy_split");
        validator.RequireArtifact(request.HardSplit, "hard_split");
        RequirePrefix(validator, request.OutputPrefix);
        var options = request.Options ?? new PseudoLabelOptions();
        var rule = new PseudoLabelRule(
            options.Policy == PseudoLabelPolicy.Unspecified ? PseudoLabelPolicy.Argmax : options.Policy,
            options.HasConfidenceThreshold ? options.ConfidenceThreshold : DefaultConfidenceThreshold,
            options.HasClassShare ? options.ClassShare : DefaultClassShare);
        validator.Require(Enum.IsDefined(options.Policy), "options.policy", "ARGMAX, CONFIDENCE and CLASS_BALANCED are known.");
        validator.Require(rule.ConfidenceThreshold is >= 0 and <= 1, "options.confidence_threshold", "A probability is 0 to 1.");
        validator.Require(rule.ClassShare is > 0 and <= 1, "options.class_share", "The kept share is over 0, up to 1.");
        validator.ThrowIfAny();
        return rule;
    }

    // The longest name that is put under a prefix, so that a late result cannot fail for its key.
    private static void RequirePrefix(RequestValidator validator, string prefix) => validator.Require(
        ArtifactKey.IsValid(prefix.EndsWith('/') ? prefix[..^1] : prefix) && ArtifactKey.IsValid($"{prefix.TrimEnd('/')}/labels/0000000000.png"),
        "output_prefix",
        "A prefix has 1 to 480 characters of [a-z0-9/._-] and no empty, '.' or '..' segment.");
}
