using System.Globalization;

namespace IntraDA.Cli.Studies;

/// <summary>The paper's table of lambda.</summary>
internal static class SweepPlan
{
    /// <summary>Plans a sweep.</summary>
    /// <param name="lambdas">Shares of easy images, 0 to 1, each once.</param>
    /// <returns>The plan.</returns>
    public static StudyPlan Of(IReadOnlyList<double> lambdas)
    {
        // The greatest lambda first: only a step that has easy images has a control, and lambda 0 has none.
        var variants = lambdas.OrderDescending()
            .Select(lambda => new StudyVariant(NameOf(lambda), settings => settings with { Lambda = lambda }));
        var rows = lambdas.Order().Select(lambda => StudyRow.Intra(
            NameOf(lambda), $"lambda {Text(lambda)}", PaperTables.ByLambda.TryGetValue(lambda, out var paper) ? paper : null, lambda));
        return new StudyPlan("sweep", "Share of easy images (lambda)", [.. variants], [.. StudyRow.Baselines, .. rows]);
    }

    private static string NameOf(double lambda) => $"lambda-{Text(lambda)}";

    private static string Text(double lambda) => lambda.ToString(CultureInfo.InvariantCulture);
}
