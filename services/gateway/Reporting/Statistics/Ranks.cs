namespace IntraDA.Gateway.Reporting.Statistics;

/// <summary>Ranks of values, ties sharing their mean rank.</summary>
public static class Ranks
{
    /// <summary>Ranks values from the smallest, 1, to the largest, n.</summary>
    /// <param name="values">Finite values.</param>
    /// <returns>One rank a value, in the order of the values; equal values have the mean of the ranks they take together.</returns>
    public static double[] Average(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
            {
                end++;
            }

            for (var i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }

            start = end;
        }

        return ranks;
    }
}
