namespace IntraDA.Cli.Studies;

/// <summary>A measured row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Values">mIoU in percent of each seed.</param>
/// <param name="Control">mIoU of the control of equal iterations; null where the row has none.</param>
/// <param name="OverControl">Paired differences to the control; null where the row has none.</param>
/// <param name="OverInter">Paired differences to the inter network; null for the networks before the second step.</param>
/// <param name="IntraSkipped">Whether there was no second step, so that the inter network is the result.</param>
internal sealed record RowResult(
    StudyRow Row, SeedValues Values, SeedValues? Control, SeedValues? OverControl, SeedValues? OverInter, bool IntraSkipped);
