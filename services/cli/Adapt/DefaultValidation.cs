using IntraDA.Cli.Datasets;
using IntraDA.Cli.Output;
using IntraDA.Data.Layouts;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Adapt;

/// <summary>What is validated on where the user names nothing: the labels in the target's folder, if there are any.</summary>
internal static class DefaultValidation
{
    /// <summary>Looks whether the folder has labels, and tells the user what follows.</summary>
    /// <param name="validation">The place in the target's folder, resolved.</param>
    /// <param name="target">The target, resolved.</param>
    /// <param name="output">Told that nothing will be measured, or that the figures are those of images that training sees.</param>
    /// <returns>Whether it can be validated on.</returns>
    public static bool IsUsable(DatasetPlace validation, DatasetPlace target, IConsoleOutput output)
    {
        try
        {
            var listing = DatasetLayouts.Get(validation.Layout).List(new LayoutRequest
            {
                Path = validation.Directory,
                Layout = validation.Layout,
                List = validation.List ?? "",
                Split = validation.Split,
                Protocol = validation.Protocol,
            });
            if (listing.Entries.All(entry => entry.Label is null))
            {
                output.Note($"There are no labels in {validation.Directory} and no --validation is named: the report will say \"not measured\".");
                return false;
            }
        }
        catch (DatasetException exception)
        {
            output.Warn($"no --validation is named, and the target's folder cannot take its place ({exception.Message.TrimEnd('.')}): "
                + "the report will say \"not measured\"");
            return false;
        }

        if (validation.Split == target.Split)
        {
            output.Warn($"no --validation is named: the figures will be measured on all labels in {validation.Directory}, also on images "
                + "that training sees; name others with --validation or --validation-list");
        }

        return true;
    }
}
