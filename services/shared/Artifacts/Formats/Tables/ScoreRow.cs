namespace IntraDA.Artifacts.Formats.Tables;

/// <summary>Scores of one image.</summary>
/// <param name="Id">Id of the image in its data set.</param>
/// <param name="Score">Ranking score: mean over classes and pixels of -p log2 p / log2 C, 0..1/C. Never NaN.</param>
/// <param name="Entropy">Mean over pixels of the normalised entropy, 0..1.</param>
/// <param name="Present">Bit k of byte k/8 is set where class k is predicted for some pixel; of one length in a table.</param>
public readonly record struct ScoreRow(string Id, double Score, double Entropy, ReadOnlyMemory<byte> Present);
