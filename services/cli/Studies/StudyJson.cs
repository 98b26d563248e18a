using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Studies;

/// <summary>A study for machines, form "intrada.study/1"; mIoU and differences in percent.</summary>
internal static class StudyJson
{
    private const string Format = "intrada.study/1";

    private static readonly JsonFormatter Proto = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>The whole study.</summary>
    /// <param name="result">The study.</param>
    /// <param name="data">Its data.</param>
    /// <param name="elapsed">How long the command has run.</param>
    /// <returns>The object.</returns>
    public static JsonObject Of(StudyResult result, StudyData data, TimeSpan elapsed) => new()
    {
        ["format"] = Format,
        ["study"] = result.Plan.Name,
        ["complete"] = result.Complete,
        ["seeds"] = new JsonArray([.. result.Seeds.Select(seed => (JsonNode)seed)]),
        ["data"] = Data(data),
        ["settings"] = result.Cells.Count > 0 && result.Cells[0].Workflow.Spec is { } spec ? JsonNode.Parse(Proto.Format(spec)) : null,
        ["rows"] = new JsonArray([.. result.Rows.Select(Row)]),
        ["reuse"] = Reuse(result.Reuse),
        ["cells"] = new JsonArray([.. result.Cells.Select(Of)]),
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 1),
    };

    /// <summary>A finished cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <returns>The object.</returns>
    public static JsonObject Of(CellResult cell)
    {
        var miou = new JsonObject();
        foreach (var (network, value) in cell.Miou)
        {
            miou[network] = value;
        }

        return new JsonObject
        {
            ["cell"] = cell.Name,
            ["seed"] = cell.Seed,
            ["workflow"] = cell.Workflow.Id,
            ["miou"] = miou,
            ["reused"] = Names(cell.Stages.Where(stage => stage.Reused)),
            ["ran"] = Names(cell.Stages.Where(stage => !stage.Reused)),
        };
    }

    private static JsonNode Row(RowResult row) => new JsonObject
    {
        ["row"] = row.Row.Key,
        ["label"] = row.Row.Label,
        ["lambda"] = row.Row.Lambda,
        ["paper"] = row.Row.Paper,
        ["measured"] = Values(row.Values),
        ["control"] = row.Control is null ? null : Control(row),
        ["over_control"] = Difference(row.OverControl),
        ["over_inter"] = Difference(row.OverInter),
        ["intra_skipped"] = row.IntraSkipped,
    };

    private static JsonObject Control(RowResult row)
    {
        var control = Values(row.Control!);
        control.Insert(0, "network", row.Row.Control);
        return control;
    }

    private static JsonObject? Difference(SeedValues? difference)
    {
        if (difference is null)
        {
            return null;
        }

        var values = Values(difference);
        values["ahead"] = difference.Positive;
        return values;
    }

    private static JsonObject Values(SeedValues values)
    {
        var bySeed = new JsonObject();
        foreach (var (seed, value) in values.BySeed)
        {
            bySeed[seed.ToString(CultureInfo.InvariantCulture)] = Round(value);
        }

        return new JsonObject
        {
            ["mean"] = Round(values.Statistics.Mean),
            ["sd"] = Round(values.Statistics.StandardDeviation),
            ["n"] = values.Statistics.Count,
            ["by_seed"] = bySeed,
        };
    }

    private static JsonObject Reuse(StudyReuse reuse)
    {
        var stages = new JsonObject();
        foreach (var stage in reuse.Stages)
        {
            stages[StageNames.Machine(stage.Stage)] = new JsonObject
            {
                ["cells"] = stage.Cells,
                ["reused"] = stage.Reused,
                ["ran"] = stage.Cells - stage.Reused,
            };
        }

        return new JsonObject
        {
            ["stages"] = reuse.Total,
            ["reused"] = reuse.Reused,
            ["shared_once_per_seed"] = reuse.RepeatedStages.Count == 0,
            ["by_stage"] = stages,
        };
    }

    private static JsonObject Data(StudyData data)
    {
        var sets = new JsonObject { ["data_seed"] = data.DataSeed };
        foreach (var (role, set) in data.Sets)
        {
            sets[role] = new JsonObject { ["name"] = set.Name, ["images"] = set.Images, ["sha256"] = set.Manifest?.Sha256 };
        }

        return sets;
    }

    private static JsonArray Names(IEnumerable<Stage> stages) => [.. stages.Select(stage => (JsonNode)StageNames.Machine(stage.Kind))];

    // Finer than any mIoU means anything, and free of the last digits of binary fractions.
    private static double? Round(double? value) => value is { } number ? Math.Round(number, 6) : null;
}
