using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>How long stages took.</summary>
public static class StageTimes
{
    /// <summary>Seconds from a stage's start to its end.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>The seconds, or null where it has not both times.</returns>
    public static double? Seconds(Stage stage) => stage.StartTime is { } start && stage.EndTime is { } end
        ? Math.Max(0, (end.ToDateTimeOffset() - start.ToDateTimeOffset()).TotalSeconds)
        : null;
}
