import type { SeamClient } from "../../../provider/seam/client";
import { SeamError } from "../../../provider/seam/errors";
import type { AcsAccessGroup } from "../../../provider/seam/model";
import type { WantedPlace } from "./types";

/** Places and access groups by id, each looked up once per plan, however many steps name it. */
export class NameLookup {
  private readonly places = new Map<string, Promise<string | null | undefined>>();
  private readonly groups = new Map<string, Promise<AcsAccessGroup | undefined>>();

  constructor(private readonly client: SeamClient) {}

  /**
   * The name of a place; null if there is no such place, undefined if it has no name or the lookup fails: names are only
   * informative.
   */
  place(kind: WantedPlace["kind"], id: string): Promise<string | null | undefined> {
    return once(this.places, `${kind} ${id}`, () =>
      this.findPlace(kind, id).catch((error: unknown) => {
        if (error instanceof SeamError) return undefined;
        throw error;
      }),
    );
  }

  /** @throws SeamError */
  group(id: string): Promise<AcsAccessGroup | undefined> {
    return once(this.groups, id, () => this.client.findAcsAccessGroup(id));
  }

  private async findPlace(kind: WantedPlace["kind"], id: string): Promise<string | null | undefined> {
    if (kind === "space") {
      const space = await this.client.findSpace({ space_id: id });
      return space === undefined ? null : space.name || undefined;
    }
    if (kind === "entrance") {
      const entrance = await this.client.findAcsEntrance(id);
      return entrance === undefined ? null : entrance.display_name || undefined;
    }
    const device = await this.client.findDevice(id);
    return device === undefined ? null : (device.nickname ?? device.display_name) || undefined;
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? find();
  known.set(key, found);
  return found;
}
