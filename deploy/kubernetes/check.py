#!/usr/bin/env python3
"""Checks the manifests as far as that goes without a cluster: every reference leads somewhere, every service can start and be stopped.

Needs PyYAML. Where kubectl is installed, its own client-side build of both overlays is run as well.
"""
import pathlib
import shutil
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).parent
KINDS = {
    "Namespace": "v1", "ConfigMap": "v1", "Service": "v1", "Deployment": "apps/v1", "StatefulSet": "apps/v1", "Job": "batch/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2", "PodDisruptionBudget": "policy/v1", "NetworkPolicy": "networking.k8s.io/v1",
}
problems = []


def need(ok, where, what):
    if not ok:
        problems.append(f"{where}: {what}")


def load(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document is not None]


def check_pod(where, pod, names):
    for container in pod["containers"]:
        at = f"{where}/{container['name']}"
        ports = {port["containerPort"] for port in container.get("ports", [])} | {port.get("name") for port in container.get("ports", [])}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if probe in container:
                kind = container[probe].get("grpc") or container[probe].get("httpGet")
                need(kind is not None and kind["port"] in ports, at, f"{probe} asks a port that is not among {sorted(map(str, ports))}")
        need("memory" in container.get("resources", {}).get("limits", {}), at, "no memory limit")
        need("cpu" in container.get("resources", {}).get("requests", {}), at, "no request for processors")
        need(container.get("securityContext", {}).get("allowPrivilegeEscalation") is False, at, "privileges may grow")
        volumes = {volume["name"] for volume in pod.get("volumes", [])} | names["claims"].get(where, set())
        for mount in container.get("volumeMounts", []):
            need(mount["name"] in volumes, at, f"mounts '{mount['name']}', which is no volume")
        for source in container.get("envFrom", []):
            need(source["configMapRef"]["name"] in names["ConfigMap"], at, f"no ConfigMap '{source['configMapRef']['name']}'")
        seen = set()
        for variable in container.get("env", []):
            need(variable["name"] not in seen, at, f"{variable['name']} is set twice")
            seen.add(variable["name"])
            need(("value" in variable) != ("valueFrom" in variable), at, f"{variable['name']} has no value, or two")
            need("value" not in variable or isinstance(variable["value"], str), at, f"{variable['name']} is no text; quote it")
            secret = variable.get("valueFrom", {}).get("secretKeyRef")
            need(secret is None or secret["name"] in names["Secret"], at, f"no Secret for {variable['name']}")
        shutdown = next((v["value"] for v in container.get("env", []) if v["name"] == "INTRADA_ShutdownSeconds"), "3")
        need(pod.get("terminationGracePeriodSeconds", 30) > float(shutdown), at, "is killed before its last work is done")
    for volume in pod.get("volumes", []):
        need("secret" not in volume or volume["secret"]["secretName"] in names["Secret"], where, f"no Secret for volume '{volume['name']}'")


def main():
    kustomization = load(ROOT / "base/kustomization.yaml")[0]
    files = [ROOT / "base" / name for name in kustomization["resources"]]
    for path in files:
        need(path.exists(), "base/kustomization.yaml", f"names {path.name}, which is not there")
    stray = {p.name for p in (ROOT / "base").glob("*.yaml")} - set(kustomization["resources"]) - {"kustomization.yaml"}
    need(not stray, "base/kustomization.yaml", f"does not name {sorted(stray)}")
    documents = [d for path in files + sorted((ROOT / "jobs").glob("*.yaml")) for d in load(path)]

    names = {"Secret": {s["name"] for s in kustomization["secretGenerator"]}, "ConfigMap": set(), "claims": {}}
    pods, scaled = {}, {}
    for document in documents:
        kind, name = document.get("kind"), document.get("metadata", {}).get("name", "?")
        where = f"{kind} {name}"
        need(KINDS.get(kind) == document.get("apiVersion"), where, f"apiVersion {document.get('apiVersion')} instead of {KINDS.get(kind)}")
        if kind == "ConfigMap":
            names["ConfigMap"].add(name)
            need(all(isinstance(v, str) for v in document["data"].values()), where, "has values that are no text")
        if kind in ("Deployment", "StatefulSet", "Job"):
            pods[where] = document
            scaled[name] = kind
            names["claims"][where] = {c["metadata"]["name"] for c in document["spec"].get("volumeClaimTemplates", [])}
            if kind != "Job":
                labels = document["spec"]["template"]["metadata"]["labels"]
                chosen = document["spec"]["selector"]["matchLabels"]
                need(chosen.items() <= labels.items(), where, "its selector does not match its pods")
            else:
                spec = document["spec"]
                workers = [v["value"] for v in spec["template"]["spec"]["containers"][0]["env"] if v["name"] == "INTRADA_Job__Workers"]
                need(workers == [str(spec["completions"])], where, "completions and INTRADA_Job__Workers differ")
                need(spec["template"]["spec"]["restartPolicy"] in ("Never", "OnFailure"), where, "has no restart policy of a job")

    apps = {d["spec"]["template"]["metadata"]["labels"]["app"]: d for d in pods.values()}
    for where, document in pods.items():
        check_pod(where, document["spec"]["template"]["spec"], names)
    for document in documents:
        kind, name, spec = document["kind"], document["metadata"]["name"], document.get("spec", {})
        where = f"{kind} {name}"
        if kind == "Service":
            target = apps.get(spec["selector"]["app"])
            need(target is not None, where, "chooses no pods")
            if target is not None:
                known = {p["name"] for c in target["spec"]["template"]["spec"]["containers"] for p in c["ports"]}
                need(all(p["targetPort"] in known for p in spec["ports"]), where, "leads to a port that its pods do not have")
        if kind == "HorizontalPodAutoscaler":
            need(scaled.get(spec["scaleTargetRef"]["name"]) == spec["scaleTargetRef"]["kind"], where, "scales nothing")
            target = apps.get(spec["scaleTargetRef"]["name"])
            need(target is not None and "replicas" not in target["spec"], where, "its target sets replicas itself")
        if kind == "PodDisruptionBudget":
            need(spec["selector"]["matchLabels"]["app"] in apps, where, "protects nothing")
        if kind == "NetworkPolicy":
            chosen = spec["podSelector"].get("matchLabels", {}).get("app")
            sources = [f["podSelector"]["matchLabels"]["app"] for rule in spec.get("ingress", []) for f in rule.get("from", [])]
            need(all(app in apps for app in sources + ([chosen] if chosen else [])), where, "names pods that there are not")

    for overlay in sorted((ROOT / "overlays").iterdir()):
        wanted = load(overlay / "kustomization.yaml")[0]
        for image in wanted["images"]:
            used = {c["image"] for d in pods.values() for c in d["spec"]["template"]["spec"]["containers"]}
            need(image["name"] in used, f"overlay {overlay.name}", f"changes the image '{image['name']}', which nothing uses")
        for patch in wanted.get("patches", []):
            need((overlay / patch["path"]).exists(), f"overlay {overlay.name}", f"{patch['path']} is not there")
        if shutil.which("kubectl") and (ROOT / "base/secrets").is_dir():
            built = subprocess.run(["kubectl", "kustomize", str(overlay)], capture_output=True, text=True, check=False)
            need(built.returncode == 0, f"overlay {overlay.name}", built.stderr.strip())

    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(documents)} documents, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
