import { readFileSync } from "node:fs";
import type { AccessMethodMode } from "pulumi-seam";
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";

export interface Building {
  /** The resource's name, which must never change. */
  key: string;
  name: string;
  /** Names of entrances of access control systems, as Seam shows them. */
  entrances: string[];
  /** Names of smart locks, as Seam shows them. */
  locks: string[];
}

export interface Person {
  /** Your own key for the person. It must never change, and never be reused for another person. */
  key: string;
  name: string;
  email: string;
  access: Access[];
}

/** A building that a person may enter, and when. */
export interface Access {
  building: string;
  /** ISO 8601 with a time zone. Default: now. */
  from: string | undefined;
  /** ISO 8601 with a time zone. Default: no end. */
  until: string | undefined;
  modes: AccessMethodMode[];
}

const allModes: readonly AccessMethodMode[] = ["mobile_key", "code", "card", "cloud_key"];

/**
 * Reads a company from a YAML file. Missing, misspelled or contradictory fields are errors that name the line and print no personal
 * data: if they were read as empty, people would lose access.
 *
 * @throws Error that names the file and the line.
 */
export function readCompany(file: string): { buildings: Building[]; people: Person[] } {
  const yaml = new YamlFile(file);
  const root = yaml.fields(yaml.root, ["buildings", "people"]);
  const buildings = yaml
    .entries(root.get("buildings"), "buildings")
    .map(({ key, node }) => buildingOf(yaml, key, node));
  const people = yaml.entries(root.get("people"), "people").map(({ key, node }) => {
    const fields = yaml.fields(node, ["name", "email", "access"]);
    const email = fields.get("email");
    const seenBuildings = new Map<string, Node>();
    return {
      key,
      name: yaml.text(node, fields, "name"),
      email: yaml.text(node, fields, "email"),
      emailNode: email ?? node,
      access: yaml.items(fields.get("access")).map((item) => {
        const access = accessOf(yaml, item, buildings);
        const before = seenBuildings.get(access.building);
        if (before !== undefined) yaml.fail([before, item], `the same building twice for one person`);
        seenBuildings.set(access.building, item);
        return access;
      }),
    };
  });
  const emails = new Map<string, Node>();
  for (const { email, emailNode } of people) {
    const before = emails.get(email.toLowerCase());
    if (before !== undefined) yaml.fail([before, emailNode], "the same e-mail address twice");
    emails.set(email.toLowerCase(), emailNode);
  }
  return { buildings, people: people.map(({ emailNode: _, ...person }) => person) };
}

function buildingOf(yaml: YamlFile, key: string, node: Node): Building {
  const fields = yaml.fields(node, ["name", "entrances", "locks"]);
  const entrances = yaml.texts(fields.get("entrances"));
  const locks = yaml.texts(fields.get("locks"));
  if (entrances.length + locks.length === 0)
    yaml.fail([node], "the building has neither entrances nor locks");
  return { key, name: yaml.text(node, fields, "name"), entrances, locks };
}

function accessOf(yaml: YamlFile, node: Node, buildings: readonly Building[]): Access {
  const fields = yaml.fields(node, ["building", "from", "until", "with"]);
  const building = yaml.text(node, fields, "building");
  if (!buildings.some(({ key }) => key === building)) {
    const known = buildings.map(({ key }) => key).join(", ");
    yaml.fail(
      [fields.get("building") ?? node],
      `there is no building ${JSON.stringify(building)}; there are ${known}`,
    );
  }
  const [from, until] = [yaml.time(fields.get("from")), yaml.time(fields.get("until"))];
  if (until !== undefined && Date.parse(until) <= Date.parse(from ?? "")) {
    yaml.fail([fields.get("until") ?? node], "the access ends before it starts");
  }
  const names = fields.has("with") ? yaml.texts(fields.get("with")) : ["mobile_key"];
  const modes = names.map((name) => {
    const mode = allModes.find((one) => one === name);
    return mode ?? yaml.fail([fields.get("with") ?? node], `"with" takes ${allModes.join(", ")}`);
  });
  if (modes.length === 0) yaml.fail([fields.get("with") ?? node], `"with" names no way to open a door`);
  return { building, from, until, modes };
}

/** A YAML file whose errors name the line. */
class YamlFile {
  readonly root: Node;
  private readonly lines = new LineCounter();

  constructor(private readonly file: string) {
    // Drops a byte order mark.
    const text = new TextDecoder("utf-8").decode(readFileSync(file));
    const document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) {
      throw new Error(`${file}, line ${this.lines.linePos(problem.pos[0]).line}: ${problem.message}`);
    }
    if (document.contents === null) throw new Error(`${file} is empty`);
    this.root = document.contents;
  }

  /** @throws Error that names the lines of the nodes. */
  fail(nodes: readonly Node[], what: string): never {
    const lines = nodes.map((node) => this.lines.linePos(node.range?.[0] ?? 0).line);
    throw new Error(`${this.file}, ${lines.length > 1 ? "lines" : "line"} ${lines.join(" and ")}: ${what}`);
  }

  /** The values of a map, by name. An unknown name is an error: it may be misspelled. */
  fields(node: Node, known: readonly string[]): Map<string, Node> {
    const fields = new Map<string, Node>();
    for (const { key, node: value, keyNode } of this.pairs(node)) {
      if (!known.includes(key))
        this.fail([keyNode], `${JSON.stringify(key)} is unknown; it takes ${known.join(", ")}`);
      fields.set(key, value);
    }
    return fields;
  }

  /** The entries of a map, by key. An empty map is an error, because it would remove everything. */
  entries(node: Node | undefined, what: string): { key: string; node: Node }[] {
    const entries = node === undefined ? [] : this.pairs(node);
    if (entries.length === 0) {
      throw new Error(`${this.file} lists no ${what}. To remove everything, run \`pulumi destroy\``);
    }
    return entries;
  }

  items(node: Node | undefined): Node[] {
    if (node === undefined) return [];
    if (!isSeq<Node>(node)) return this.fail([node], "a list is expected");
    return node.items;
  }

  texts(node: Node | undefined): string[] {
    const texts = this.items(node).map((item) => this.textOf(item));
    if (node !== undefined && new Set(texts).size < texts.length) this.fail([node], "the same twice");
    return texts;
  }

  text(parent: Node, fields: ReadonlyMap<string, Node>, name: string): string {
    const node = fields.get(name);
    return node === undefined ? this.fail([parent], `"${name}" is missing`) : this.textOf(node);
  }

  time(node: Node | undefined): string | undefined {
    if (node === undefined) return undefined;
    const text = this.textOf(node);
    if (
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
      !Number.isNaN(Date.parse(text))
    ) {
      return text;
    }
    return this.fail([node], "a time with a time zone is expected, like 2027-06-30T18:00:00+02:00");
  }

  private textOf(node: Node): string {
    if (!isScalar(node) || typeof node.value !== "string" || node.value.trim() === "") {
      return this.fail([node], "a non-empty string is expected");
    }
    return node.value.trim();
  }

  private pairs(node: Node): { key: string; keyNode: Node; node: Node }[] {
    if (!isMap<Node, Node | null>(node)) return this.fail([node], "a map is expected");
    return node.items.map(({ key, value }) => ({
      key: this.textOf(key),
      keyNode: key,
      node: value ?? this.fail([key], "it has no value"),
    }));
  }
}
