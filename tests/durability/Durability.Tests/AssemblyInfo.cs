using IntraDA.Durability.Tests.World;

// The services compute on all cores, and what is measured here are times, memory and live tensors of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(Streets))]
[assembly: AssemblyFixture(typeof(Undisturbed))]
[assembly: AssemblyFixture(typeof(Tally))]
