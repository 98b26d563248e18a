namespace IntraDA.Access;

/// <summary>What a caller may do. Each of the first three may do all that the one before it may.</summary>
public enum CallerRole
{
    /// <summary>Segment images, and look at networks, workflows and data sets.</summary>
    Predict = 1,

    /// <summary>Run workflows, register data sets, store and fetch artefacts.</summary>
    Operate = 2,

    /// <summary>Call the services behind the gateway directly.</summary>
    Admin = 3,

    /// <summary>Not a person: another service of the ensemble. It may call the services behind the gateway, and nothing else.</summary>
    Service = 4,
}
