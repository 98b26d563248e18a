namespace IntraDA.Artifacts.Formats.TensorBoard;

/// <summary>Values of one step.</summary>
/// <param name="Step">The step, 0 or more.</param>
/// <param name="Time">When it was taken.</param>
/// <param name="Values">Values by tag.</param>
public readonly record struct ScalarPoint(long Step, DateTimeOffset Time, IEnumerable<KeyValuePair<string, double>> Values);
