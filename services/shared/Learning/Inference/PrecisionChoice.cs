namespace IntraDA.Learning.Inference;

/// <summary>The precision that an engine computes with.</summary>
/// <param name="Precision">float32 or bfloat16.</param>
/// <param name="Agreement">What the comparison with float32 gave; null where none was made.</param>
public sealed record PrecisionChoice(EnginePrecision Precision, PrecisionAgreement? Agreement);
