using System.Text;
using IntraDA.Trainer.Adaptation;
using IntraDA.Trainer.Training;

namespace IntraDA.Trainer.Tests.Training;

public sealed class LossCurvesTests
{
    [Fact]
    public void Curves_come_back_from_their_file_and_a_diverged_term_is_null()
    {
        var curves = new LossCurves();
        curves.Add(1, [new LossTerm(LossKind.SegMain, 0.1 + 0.2), new LossTerm(LossKind.AdvAux, double.PositiveInfinity)], 2.5e-4);
        curves.Add(2, [new LossTerm(LossKind.SegMain, 1)], 1e-4);
        var file = curves.ToJsonLines();
        Assert.Equal(
            "{\"iteration\":1,\"adv_aux\":null,\"learning_rate\":0.00025,\"seg_main\":0.30000000000000004}\n{\"iteration\":2,\"learning_rate\":0.0001,\"seg_main\":1}\n",
            Encoding.UTF8.GetString(file));
        var read = LossCurves.Parse(file);
        Assert.Equal(file, read.ToJsonLines());
        Assert.Equal(2, Assert.Single(read.After(1)).Iteration);
    }

    [Fact]
    public void Every_term_has_a_name_of_its_own() =>
        Assert.Equal(
            Enum.GetValues<LossKind>().Length, Enum.GetValues<LossKind>().Select(k => k.WireName()).Distinct(StringComparer.Ordinal).Count());
}
