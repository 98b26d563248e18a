using IntraDA.Hostile.Tests.World;

// One ensemble takes all cases, one after the other: what a case does to it is seen right after that case.
[assembly: AssemblyFixture(typeof(HostileEnsemble))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]
