namespace IntraDA.Data.Synthetic;

/// <summary>The uses a colour is picked for.</summary>
internal enum PaletteSlot
{
    Asphalt, Paving, Kerb, Marking, Grass, Facade, Roof, Glass, Leaf, Bark, Fence, Pole, CarPaint, Cloth, Trousers, Skin, Hair,
    SignRed, SignBlue, SignWhite, SkyTop, SkyHorizon, Cloud,
}
