using IntraDA.Gateway;
using IntraDA.Gateway.Services;
using IntraDA.Hosting;

return await ServiceHost.RunAsync(GatewayIdentity.Name, args, GatewayApplication.Create);
