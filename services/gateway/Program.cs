using IntraDA.Gateway;
using IntraDA.Hosting;

return await ServiceHost.RunAsync(() => GatewayApplication.Create(args));
