import { type DynamicProviders, dynamicProviders } from "../provider/dynamic/dynamicProviders";
import type { WatchPace } from "../provider/teardown/deletionWatcher";

type Provider = DynamicProviders["userIdentity"];
type Props = Record<string, unknown>;

/** A resource as a program declares it. `deletedWith` names another resource. */
export interface Declared {
  name: string;
  provider: keyof DynamicProviders;
  inputs: Props | ((idOf: (name: string) => string) => Props);
  deletedWith?: string;
}

interface Recorded extends Omit<Declared, "inputs"> {
  id: string;
  /** It was created, and an error followed: `create` threw an initialization failure. */
  partlyCreated?: boolean;
  inputs: Props;
  outputs: Props;
}

/** Pauses that are short enough for tests. */
export const quickPace: Partial<WatchPace> = {
  firstPoll: 10,
  pollInterval: 10,
  longestPollInterval: 50,
  earlyChecks: {
    intermediate: {
      alone: { first: 20, interval: 20, most: 2 },
      shared: { first: 30, interval: 20, most: 2 },
    },
    last: {
      alone: { first: 20, interval: 20, most: 2 },
      shared: { first: 20, interval: 20, most: 3 },
    },
  },
  firstPollAlone: 30,
  firstCheck: 60,
  longestCheckInterval: 200,
  requestAgainAfter: 200,
};

/** The error with which a provider has an object recorded that was created, but not completely. */
interface InitFailure extends Error {
  id?: string;
  properties?: Props;
}

/**
 * Calls the providers as Pulumi's engine does, for tests that are too many for the real one: it checks, diffs, applies,
 * and keeps a state that only a success changes.
 */
export class Engine {
  readonly state = new Map<string, Recorded>();
  readonly printed: string[] = [];
  /** Called with its id as soon as a resource counts as deleted. */
  onDeleted: (id: string) => Promise<void> = async () => undefined;
  /** The flag `--continue-on-error`: deletes what is no longer declared even if something failed. */
  continueOnError = false;
  private providers: DynamicProviders;
  private pendingDeletes: Recorded[] = [];

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly config: Readonly<Record<string, string>> = {},
  ) {
    this.providers = this.startPlugin();
  }

  /** Starts a new plugin process, without what the last one had in memory. */
  startPlugin(): DynamicProviders {
    this.providers = dynamicProviders({
      print: (line) => this.printed.push(line),
      env: this.env,
      pace: quickPace,
    });
    const config = { get: (key: string) => this.config[key] } as never;
    for (const one of Object.values(this.providers)) void (one as Provider).configure?.({ config });
    return this.providers;
  }

  provider(name: keyof DynamicProviders): Required<Provider> {
    return this.providers[name] as Required<Provider>;
  }

  /** Like {@link provider}, in an operation of its own, without what another one remembers. */
  providerAlone(name: keyof DynamicProviders): Required<Provider> {
    this.startPlugin();
    return this.provider(name);
  }

  /** `pulumi up`: returns the errors; what failed keeps its state. Each operation has a plugin process of its own. */
  async up(program: readonly Declared[]): Promise<Error[]> {
    this.startPlugin();
    const errors: Error[] = [];
    const done = new Map<string, Promise<void>>();
    for (const declared of program) {
      const before = declared.deletedWith === undefined ? undefined : done.get(declared.deletedWith);
      done.set(
        declared.name,
        (async () => {
          await before;
          await this.apply(declared).catch((error: unknown) => errors.push(error as Error));
        })(),
      );
    }
    await Promise.all(done.values());
    if (errors.length === 0 || this.continueOnError) {
      const kept = new Set(program.map((declared) => declared.name));
      errors.push(...(await this.remove([...this.state.values()].filter((one) => !kept.has(one.name)))));
      errors.push(...(await this.removeReplaced()));
    }
    return errors;
  }

  async refresh(): Promise<Error[]> {
    this.startPlugin();
    const errors: Error[] = [];
    await Promise.all(
      [...this.state.values()].map(async (recorded) => {
        try {
          const { id, outputs } = recorded;
          const read = await this.provider(recorded.provider).read(id, outputs);
          if (read.id === undefined) this.state.delete(recorded.name);
          else {
            recorded.outputs = (read.props ?? {}) as Props;
            recorded.inputs = (read as { inputs?: Props }).inputs ?? recorded.inputs;
          }
        } catch (error) {
          errors.push(error as Error);
        }
      }),
    );
    return errors;
  }

  async destroy(): Promise<Error[]> {
    this.startPlugin();
    return [...(await this.remove([...this.state.values()])), ...(await this.removeReplaced())];
  }

  /** Deletes what was replaced by something that had to be created first. */
  private async removeReplaced(): Promise<Error[]> {
    const errors: Error[] = [];
    const replaced = [...this.pendingDeletes];
    for (const old of replaced) {
      try {
        await this.replaced(old);
        this.pendingDeletes = this.pendingDeletes.filter((one) => one !== old);
      } catch (error) {
        errors.push(error as Error);
      }
    }
    return errors;
  }

  private async apply(declared: Declared): Promise<void> {
    const { name, deletedWith } = declared;
    const provider = this.provider(declared.provider);
    const idOf = (other: string): string => {
      const id = this.state.get(other)?.id;
      if (id === undefined) throw new Error(`could not continue: ${other} does not exist`);
      return id;
    };
    const news = typeof declared.inputs === "function" ? declared.inputs(idOf) : declared.inputs;
    const old = this.state.get(name);
    const checked = await provider.check(old?.inputs ?? {}, news);
    if (checked.failures !== undefined && checked.failures.length > 0) {
      throw new Error(checked.failures.map((one) => one.reason).join("; "));
    }
    const inputs = checked.inputs as Props;
    const record = (id: string, outputs: Props): void => {
      const base = { name, provider: declared.provider, id, inputs, outputs };
      this.state.set(name, deletedWith === undefined ? base : { ...base, deletedWith });
    };
    let deleteAfterwards: Recorded | undefined;
    if (old !== undefined) {
      const diff = await provider.diff(old.id, old.outputs, inputs);
      if (diff.changes === false && old.partlyCreated !== true) return;
      if ((diff.replaces ?? []).length === 0) {
        const updated = await provider.update(old.id, old.outputs, inputs);
        record(old.id, updated.outs as Props);
        return;
      }
      if (diff.deleteBeforeReplace === true) await this.replaced(old);
      else deleteAfterwards = old;
    }
    try {
      const created = await provider.create(inputs);
      record(created.id, created.outs as Props);
      if (deleteAfterwards !== undefined) this.pendingDeletes.push(deleteAfterwards);
    } catch (error) {
      const { id, properties } = error as InitFailure;
      if (id !== undefined && properties !== undefined) {
        record(id, properties);
        Object.assign(this.state.get(name) ?? {}, { partlyCreated: true });
      }
      throw error;
    }
  }

  private async replaced({ name, provider, id, outputs }: Recorded): Promise<void> {
    await this.provider(provider).delete(id, outputs);
    if (this.state.get(name)?.id === id) this.state.delete(name);
    await this.onDeleted(id);
  }

  private async remove(leaving: readonly Recorded[]): Promise<Error[]> {
    const errors: Error[] = [];
    const names = new Set(leaving.map((one) => one.name));
    const dependent = leaving.filter((one) => one.deletedWith !== undefined && names.has(one.deletedWith));
    const own = leaving.filter((one) => !dependent.includes(one));
    for (const one of dependent) this.state.delete(one.name);
    await Promise.all(
      own.map(async (one) => {
        try {
          await this.provider(one.provider).delete(one.id, one.outputs);
          this.state.delete(one.name);
          await this.onDeleted(one.id);
        } catch (error) {
          errors.push(error as Error);
        }
      }),
    );
    return errors;
  }
}
