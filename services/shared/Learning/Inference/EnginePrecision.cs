namespace IntraDA.Learning.Inference;

/// <summary>Precision of an engine's convolutions. What follows them (upsampling, softmax, entropy) is always computed in float32.</summary>
public enum EnginePrecision
{
    /// <summary>float32.</summary>
    Full,

    /// <summary>bfloat16 products with float32 sums: twice the speed on processors that have them, two to three digits.</summary>
    BFloat16,

    /// <summary>bfloat16 where the processor has it and the network's answers on probe images stay the same, else float32.</summary>
    Auto,
}
