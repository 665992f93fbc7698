import type { SeamClient } from "../provider/seam/client";
import { SeamError } from "../provider/seam/errors";

/**
 * The names of the workspace's access control systems by id. Names only make output easier to read, so the map is empty if Seam
 * does not list the systems for any reason, and the caller shows ids.
 */
export async function acsSystemNames(client: SeamClient): Promise<ReadonlyMap<string, string>> {
  try {
    const systems = await client.listAcsSystems();
    return new Map(systems.map((system) => [system.acs_system_id, system.name]));
  } catch (error) {
    if (!(error instanceof SeamError)) throw error;
    return new Map();
  }
}
