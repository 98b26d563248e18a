using IntraDA.Parity.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(ParityFixture))]
