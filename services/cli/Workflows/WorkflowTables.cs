using System.Globalization;
using IntraDA.Cli.Output;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using Spectre.Console;

namespace IntraDA.Cli.Workflows;

/// <summary>Workflows as tables for people.</summary>
internal static class WorkflowTables
{
    /// <summary>Many workflows, one a row.</summary>
    /// <param name="workflows">The workflows.</param>
    /// <returns>The table.</returns>
    public static Table List(IEnumerable<Workflow> workflows)
    {
        var table = new Table().RoundedBorder().AddColumns("workflow", "title", "state", "created", "source", "target", "network");
        foreach (var workflow in workflows)
        {
            table.AddRow(
                new Text(workflow.Id),
                new Text(workflow.Spec?.Title ?? ""),
                new Text(StageNames.State(workflow.State)),
                new Text(workflow.CreateTime?.ToDateTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? ""),
                new Text(workflow.Spec?.Source ?? ""),
                new Text(workflow.Spec?.Target ?? ""),
                new Text(workflow.Spec?.Architecture ?? ""));
        }

        return table;
    }

    /// <summary>The stages of one workflow.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <returns>The table.</returns>
    public static Table Stages(Workflow workflow)
    {
        var table = new Table().RoundedBorder().AddColumns("stage", "state", "time", "by", "key", "note");
        foreach (var stage in workflow.Stages)
        {
            var time = stage is { StartTime: not null, EndTime: not null }
                ? DurationText.Of((stage.EndTime - stage.StartTime).ToTimeSpan())
                : "";
            table.AddRow(
                new Text(StageNames.Human(stage.Kind)),
                new Text(stage.Reused ? "reused" : StageNames.State(stage.State)),
                new Text(time),
                new Text(By(stage)),
                new Text(stage.Key.Length > 12 ? stage.Key[..12] : stage.Key),
                new Text(stage.Reason));
        }

        return table;
    }

    private static string By(Stage stage)
    {
        if (stage.Service is null)
        {
            return "";
        }

        var earlier = stage.EarlierServices.Count == 0 ? "" : $", begun by {string.Join(", ", stage.EarlierServices.Select(Name))}";
        return Name(stage.Service) + earlier;

        static string Name(ServiceInfo service) => $"{service.Name} {service.Version}";
    }
}
