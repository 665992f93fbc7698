import { cpus } from "node:os";
import { version } from "../provider/version";

/** The machine and the versions with which figures were measured. */
export interface Machine {
  date: string;
  version: string;
  node: string;
  sdk: string;
  cli: string;
  processors: string;
  /** The CLI's default `--parallel`. */
  parallelism: number;
}

export function thisMachine(cli: string): Machine {
  const sdk = (require("@pulumi/pulumi/package.json") as { version: string }).version;
  return {
    date: new Date().toISOString().slice(0, 10),
    version,
    node: process.versions.node,
    sdk,
    cli,
    processors: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
    parallelism: 4 * cpus().length,
  };
}

export function describeMachine(machine: Machine): string {
  const { date, version, node, sdk, cli, processors } = machine;
  return `on ${date}: pulumi-seam ${version}, @pulumi/pulumi ${sdk}, Pulumi CLI ${cli}, Node ${node}, ${processors}`;
}
