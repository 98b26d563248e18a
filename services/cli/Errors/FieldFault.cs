namespace IntraDA.Cli.Errors;

/// <summary>What is wrong with a field of a request.</summary>
/// <param name="Field">Path of the field, e.g. <c>spec.ranking.lambda</c>.</param>
/// <param name="Description">What is wrong, and what is allowed.</param>
internal sealed record FieldFault(string Field, string Description);
