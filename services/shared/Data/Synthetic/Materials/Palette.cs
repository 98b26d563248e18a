using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>
/// Picks colours: each slot has as many game colours as camera colours, and a pick lies between the two of a place, as far
/// towards the camera's as the gap says.
/// </summary>
internal sealed class Palette(float gap, SceneRandom random)
{
    /// <summary>A colour for a slot, display RGB, with a small jitter of lightness and hue.</summary>
    public Vector3 Pick(PaletteSlot slot)
    {
        var (game, camera) = Colours(slot);
        var place = random.Below(game.Length);
        var colour = Vector3.Lerp(Hex(game[place]), Hex(camera[place]), gap);
        var spread = 0.03f + (0.05f * gap);
        var hue = new Vector3(random.Normal(), random.Normal(), random.Normal()) * (spread * 0.25f);
        return Vector3.Clamp((colour * (1f + (spread * random.Normal()))) + hue, new Vector3(0.02f), new Vector3(0.98f));
    }

    private static (uint[] Game, uint[] Camera) Colours(PaletteSlot slot) => slot switch
    {
        // Asphalt and paving draw close in lightness: a rule learnt from brightness alone fails in the camera domain.
        PaletteSlot.Asphalt => ([0x494D58, 0x535660], [0x76716A, 0x6B6762]),
        PaletteSlot.Paving => ([0xCBBFA6, 0xC4B8B0], [0x968E84, 0x948478]),
        PaletteSlot.Kerb => ([0xE4E0D8], [0xB2AAA0]),
        PaletteSlot.Marking => ([0xFFFFFF], [0xCFCABC]),
        PaletteSlot.Grass => ([0x5CB83A], [0x75763F]),
        PaletteSlot.Facade => ([0xD98C5F, 0xE8C27A, 0xC96A5A, 0x8FB3D9, 0xE8DCC0, 0xB48FC6], [0x84503F, 0xA0958A, 0x6E4A3E, 0x7E8286, 0xB5AC9A, 0x6A6664]),
        PaletteSlot.Roof => ([0xB5452F, 0x7F3E32, 0x4F607C], [0x5C4A44, 0x4B4B4F, 0x6B645E]),
        PaletteSlot.Glass => ([0x2F5F95, 0x3A77A8], [0x3A4044, 0x565C60]),
        PaletteSlot.Leaf => ([0x2F9E3A, 0x4FBF2F, 0x3A8A2A], [0x49532C, 0x5D5E35, 0x3C4632]),
        PaletteSlot.Bark => ([0x7D4C26], [0x4B4239]),
        PaletteSlot.Fence => ([0xF2F2F0, 0x9E5D2C, 0x3B7D4C], [0x98928A, 0x62503F, 0x4B514E]),
        PaletteSlot.Pole => ([0x8C949C, 0x3A424C], [0x70706B, 0x4C4A46]),
        PaletteSlot.CarPaint => ([0xE02222, 0xF2C81E, 0x1E5AE0, 0xF6F6F6, 0x20B060, 0x26262A], [0x7A2B29, 0xB4B0A6, 0x3A4658, 0xD6D6D4, 0x5A6460, 0x242628]),
        PaletteSlot.Cloth => ([0xFF5030, 0x30A0FF, 0xFFD020, 0xE040A0, 0x40C060, 0xF0F0F0], [0x6A3A36, 0x364458, 0x80744E, 0x5A4A5E, 0x2E3C36, 0xA8A298]),
        PaletteSlot.Trousers => ([0x2840A0, 0x404040, 0xA07040], [0x2C3442, 0x2B2A2A, 0x5C5246]),
        PaletteSlot.Skin => ([0xF2BA92, 0xC48A62, 0x7C4C32], [0xC69A80, 0xA07458, 0x6A4636]),
        PaletteSlot.Hair => ([0x3A2412, 0xD8B050, 0x1A1A1A], [0x30261E, 0x8A7450, 0x1E1C1C]),
        PaletteSlot.SignRed => ([0xE81818], [0xA8302C]),
        PaletteSlot.SignBlue => ([0x1050D8], [0x2A4C88]),
        PaletteSlot.SignWhite => ([0xFFFFFF], [0xD2D0C8]),
        PaletteSlot.SkyTop => ([0x3A86E8, 0x4A92E6], [0xB2BAC0, 0xA2B0BC]),
        PaletteSlot.SkyHorizon => ([0xBFE3FF], [0xD9DAD8]),
        _ => ([0xFFFFFF], [0xE6E5E2]),
    };

    private static Vector3 Hex(uint rgb) => new Vector3((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255) / 255f;
}
