/**
 * A local Seam workspace over HTTP, for demos, tests and benchmarks. It shares no code with the provider.
 *
 * @packageDocumentation
 */

export type { Behavior } from "./behavior";
export { type Simulator, type SimulatorOptions, startSimulator } from "./server";
