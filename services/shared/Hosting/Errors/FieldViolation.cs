namespace IntraDA.Hosting.Errors;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Field">Path of the field in the request, in the spelling of the contract, e.g. <c>spec.ranking.lambda</c>.</param>
/// <param name="Description">One sentence: what is wrong and what would be right.</param>
public sealed record FieldViolation(string Field, string Description);
