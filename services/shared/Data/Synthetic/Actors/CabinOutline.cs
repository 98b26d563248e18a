namespace IntraDA.Data.Synthetic;

/// <summary>The cabin's lower and upper outline, metres ahead of and beside the car's middle and above the ground.</summary>
internal readonly record struct CabinOutline(
    float Low, float LowRear, float LowFront, float LowHalf, float High, float HighRear, float HighFront, float HighHalf);
