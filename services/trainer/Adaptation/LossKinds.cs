namespace IntraDA.Trainer.Adaptation;

/// <summary>Names of loss terms on the wire and in curve files.</summary>
public static class LossKinds
{
    /// <summary>The name of a term, e.g. "seg_main".</summary>
    /// <param name="kind">The term.</param>
    /// <returns>Lower case with underscores.</returns>
    public static string WireName(this LossKind kind) => kind switch
    {
        LossKind.SegMain => "seg_main",
        LossKind.SegAux => "seg_aux",
        LossKind.SegKeptMain => "seg_kept_main",
        LossKind.SegKeptAux => "seg_kept_aux",
        LossKind.AdvMain => "adv_main",
        LossKind.AdvAux => "adv_aux",
        LossKind.DMainSource => "d_main_source",
        LossKind.DMainTarget => "d_main_target",
        LossKind.DAuxSource => "d_aux_source",
        LossKind.DAuxTarget => "d_aux_target",
        LossKind.EntMain => "ent_main",
        LossKind.EntAux => "ent_aux",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
