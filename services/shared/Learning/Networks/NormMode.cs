namespace IntraDA.Learning.Networks;

/// <summary>Which statistics a batch normalisation uses and whether it updates its running ones.</summary>
public enum NormMode
{
    /// <summary>Running statistics, unchanged: evaluation.</summary>
    Evaluate,

    /// <summary>Statistics of the batch; running ones move by the momentum 0.1: training as published.</summary>
    Train,

    /// <summary>
    /// Statistics of the batch; running ones become the mean over all batches since the last reset: re-estimation on another
    /// domain (AdaBN, Li et al., 2016).
    /// </summary>
    ReEstimate,
}
