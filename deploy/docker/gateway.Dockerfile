# The gateway. Context: the root of the repository.
#   docker build -f deploy/docker/gateway.Dockerfile -t intrada-gateway .
# The stages up to "shared" are the same text in every Dockerfile here, so that their layers are built once for all services.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG ASPNET_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS shared
# Analyzers are for those who change the code: `./intrada test` runs them.
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUGET_XMLDOC_MODE=skip RunAnalyzers=false
WORKDIR /src
COPY .editorconfig global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY eng/BannedSymbols.txt eng/
COPY services/shared/Access/IntraDA.Access.csproj services/shared/Access/
COPY services/shared/Contracts/IntraDA.Contracts.csproj services/shared/Contracts/
COPY services/shared/Artifacts/IntraDA.Artifacts.csproj services/shared/Artifacts/
COPY services/shared/Data/IntraDA.Data.csproj services/shared/Data/
COPY services/shared/Hosting/IntraDA.Hosting.csproj services/shared/Hosting/
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet restore services/shared/Hosting/IntraDA.Hosting.csproj
COPY protos protos
COPY services/shared/Access services/shared/Access
COPY services/shared/Contracts services/shared/Contracts
COPY services/shared/Artifacts services/shared/Artifacts
COPY services/shared/Data services/shared/Data
COPY services/shared/Hosting services/shared/Hosting
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet build services/shared/Hosting/IntraDA.Hosting.csproj -c Release -v q --nologo -nodeReuse:false

FROM shared AS build
COPY services/gateway/IntraDA.Gateway.csproj services/gateway/
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet restore services/gateway/IntraDA.Gateway.csproj -r linux-x64
COPY services/gateway services/gateway
RUN --mount=type=cache,id=intrada-nuget,target=/root/.nuget/packages \
    dotnet publish services/gateway/IntraDA.Gateway.csproj -c Release -r linux-x64 --self-contained false -o /app -v q --nologo -nodeReuse:false

FROM ${ASPNET_IMAGE}
WORKDIR /app
COPY --from=build /app/ ./
# The root file system may be read-only: what the service keeps is in the store, what it spools is in /tmp.
ENV INTRADA_Listen=http://0.0.0.0:7410 INTRADA_HOME=/tmp/intrada DOTNET_EnableDiagnostics=0
USER ${APP_UID:-1654}
EXPOSE 7410 7414
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["dotnet", "IntraDA.Gateway.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "IntraDA.Gateway.dll"]
