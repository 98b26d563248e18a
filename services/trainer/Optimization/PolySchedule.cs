namespace IntraDA.Trainer.Optimization;

/// <summary>The poly learning-rate schedule: lr(i) = lr (1 - i / n)^p (Chen et al., TPAMI 2018, section 3.1).</summary>
/// <param name="iterations">Length n of the schedule; a run that stops earlier never reaches 0, as the published one does not.</param>
/// <param name="power">Power p.</param>
public sealed class PolySchedule(int iterations, double power)
{
    /// <summary>The rate of an iteration.</summary>
    /// <param name="baseRate">Rate of iteration 0.</param>
    /// <param name="iteration">0-based, at most the schedule's length.</param>
    /// <returns>The rate.</returns>
    public double Rate(double baseRate, int iteration) => baseRate * Math.Pow(1 - (iteration / (double)iterations), power);
}
