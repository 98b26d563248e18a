using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Workflows.Specs;
using IntraDA.Gateway.Workflows.Stages;

namespace IntraDA.Gateway.Tests.Workflows.Stages;

public sealed class StageKeyTests
{
    private static readonly ServiceInfo Service = new() { Name = "t", Version = "1.0.0", Build = "1.0.0+abc" };

    [Fact]
    public void A_key_has_64_hexadecimal_digits_and_does_not_depend_on_order_or_place()
    {
        var a = new Artifact { Key = "a/b", Sha256 = "11" };
        var b = new Artifact { Key = "c", Sha256 = "22" };
        var one = StageKey.Compute(StageKind.Inter, Service, [new("x", "1"), new("y", "2")], [new("a", a), new("b", b)], "");
        var moved = new Artifact { Key = "elsewhere", Sha256 = "11", MediaType = "text/plain" };
        var two = StageKey.Compute(StageKind.Inter, Service, [new("y", "2"), new("x", "1")], [new("b", b), new("a", moved)], "");
        Assert.Matches("^[0-9a-f]{64}$", one);
        Assert.Equal(one, two);
    }

    [Fact]
    public void Whatever_determines_a_result_changes_its_key()
    {
        var input = new Artifact { Key = "a", Sha256 = "11" };
        var other = new ServiceInfo(Service) { Build = "1.0.0+abd" };
        var newer = new ServiceInfo(Service) { Version = "1.0.1" };
        string[] keys =
        [
            StageKey.Compute(StageKind.Inter, Service, [new("x", "1")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Intra, Service, [new("x", "1")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Inter, other, [new("x", "1")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Inter, newer, [new("x", "1")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Inter, Service, [new("x", "2")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Inter, Service, [new("x", "1\noption.y=2")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Inter, Service, [new("x", "1"), new("y", "2")], [new("a", input)], ""),
            StageKey.Compute(StageKind.Inter, Service, [new("x", "1")], [new("b", input)], ""),
            StageKey.Compute(StageKind.Inter, Service, [new("x", "1")], [new("a", new Artifact(input) { Sha256 = "12" })], ""),
            StageKey.Compute(StageKind.Inter, Service, [new("x", "1")], [new("a", input)], "salt"),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Device_and_checkpoints_are_no_part_of_a_trainings_options_but_seed_and_rate_are()
    {
        var spec = Spec(AdaptationMethod.Advent);
        var same = spec.Clone();
        same.Device = "cuda:1";
        same.Options.CheckpointEvery = 7;
        Assert.Equal(TrainingPlanner.OptionsOf(spec), TrainingPlanner.OptionsOf(same));
        foreach (var change in new Action<TrainingOptions>[]
                 {
                     o => o.Seed = 9, o => o.LearningRate = 1, o => o.Iterations = 3, o => o.LambdaTargetAux = 0.5, o => o.DiscriminatorWidth = 8,
                 })
        {
            var other = spec.Clone();
            change(other.Options);
            Assert.NotEqual(TrainingPlanner.OptionsOf(spec), TrainingPlanner.OptionsOf(other));
        }
    }

    [Fact]
    public void What_a_method_does_not_use_does_not_tell_its_results_apart()
    {
        var spec = Spec(AdaptationMethod.SourceOnly);
        var same = spec.Clone();
        same.Options.LambdaTargetMain = 1;
        same.Options.DiscriminatorLearningRate = 1;
        same.Options.UnlabelledSize = new ImageSize { Width = 32, Height = 32 };
        Assert.Equal(TrainingPlanner.OptionsOf(spec), TrainingPlanner.OptionsOf(same));
    }

    [Fact]
    public void A_first_set_for_the_adversary_alone_makes_another_result_and_no_other_key_changes_for_it()
    {
        var spec = Spec(AdaptationMethod.Advent);
        spec.Labelled.Add(new LabelledSet { Weight = 1 });
        Assert.Equal(["architecture", "training"], TrainingPlanner.OptionsOf(spec).Keys);
        var other = spec.Clone();
        other.Labelled[0].AdversaryOnly = true;
        Assert.NotEqual(TrainingPlanner.OptionsOf(spec), TrainingPlanner.OptionsOf(other));
    }

    [Fact]
    public void Each_stage_has_a_seed_of_its_own_that_follows_from_the_workflows()
    {
        Assert.NotEqual(StageSeed.Derive(1, StageKind.Inter), StageSeed.Derive(1, StageKind.Intra));
        Assert.NotEqual(StageSeed.Derive(1, StageKind.Inter), StageSeed.Derive(2, StageKind.Inter));
        Assert.Equal(StageSeed.Derive(1, StageKind.Inter), StageSeed.Derive(1, StageKind.Inter));
    }

    private static TrainingSpec Spec(AdaptationMethod method)
    {
        var options = Recipes.For("compact").Inter.Clone();
        options.Method = method;
        options.Seed = 1;
        return new TrainingSpec { Architecture = "compact", Options = options };
    }
}
