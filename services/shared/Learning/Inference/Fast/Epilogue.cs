namespace IntraDA.Learning.Inference.Fast;

/// <summary>What happens to the results of a product before they are written.</summary>
internal enum Epilogue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Negative ones become 0.</summary>
    Relu,

    /// <summary>What is there is added; then negative ones become 0.</summary>
    AddRelu,
}
