/** One way in which users run Pulumi programs. */
export interface Setup {
  name: string;
  /** A major version of Node; default the one that runs the tests. */
  node?: 20 | 22 | 24;
  sdk: "lowest" | "newest";
  /** `npm strict` refuses packages whose `engines` exclude this Node, as yarn 1 does. */
  installer: "npm" | "npm strict" | "pnpm" | "yarn 1" | "yarn 4";
  /** Where Pulumi runs, below the root of the project. */
  folder?: string;
  /** The project's files, below its root. */
  files: Readonly<Record<string, string>>;
  /** Goes into the program's package.json. */
  packageJson?: object;
  /** Part of `npm test`: of each, or with `CI=true`. The others are part of `npm run test:matrix` only, for they take their time. */
  tested?: "always" | "in CI";
  /** Run by `node` itself instead of the CLI, once for each verb. */
  automation?: string;
}

/** All resources and a lookup. */
const body = (module: string): string => `
const jean = new ${module}.UserIdentity("jean", { userIdentityKey: "jean_doe", fullName: "Jean Doe" });
const found = ${module}.getAcsUserOutput({ acsUserId: process.env.ACS_USER_ID ?? "" });
new ${module}.AcsUserLink("link", { userIdentity: jean, acsUserId: found.acsUserId });
new ${module}.AcsUser("guest", { acsSystemId: found.acsSystemId, fullName: "Guest" });
`;
const project = (more = ""): string => `name: matrix\nruntime:\n  name: nodejs\n${more}`;
const oldTsconfig = JSON.stringify({
  compilerOptions: {
    target: "es2020",
    module: "commonjs",
    moduleResolution: "node",
    strict: true,
    types: ["node"],
  },
});
const esmTsconfig = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    moduleResolution: "nodenext",
    strict: true,
    types: ["node"],
  },
});

const typescript = {
  "Pulumi.yaml": project(),
  "index.ts": `import * as seam from "pulumi-seam";\n${body("seam")}`,
  "tsconfig.json": oldTsconfig,
};
const commonJs = {
  "Pulumi.yaml": project("  options:\n    typescript: false\n"),
  "index.js": `const seam = require("pulumi-seam");\n${body("seam")}`,
};
const esm = {
  "Pulumi.yaml": project("  options:\n    typescript: false\n"),
  "index.js": `import { AcsUser, AcsUserLink, getAcsUserOutput, UserIdentity } from "pulumi-seam";\n${body("seam").replaceAll("seam.", "")}`,
};
const typescriptEsm = {
  "Pulumi.yaml": project('  options:\n    typescript: false\n    nodeargs: "--import=tsx"\n'),
  "index.ts": `import * as seam from "pulumi-seam";\nconst top: string = await Promise.resolve("awaited");\n${body("seam")}export { top };\n`,
  "tsconfig.json": esmTsconfig,
};
const automation = `
const { LocalWorkspace } = require("@pulumi/pulumi/automation");
const seam = require("pulumi-seam");
const program = async () => {${body("seam")}};
(async () => {
  const where = { stackName: "test", projectName: "matrix", program };
  const stack = await LocalWorkspace.createOrSelectStack(where, { workDir: __dirname });
  await stack[process.argv[2]]({ onOutput: (text) => process.stdout.write(text), expectNoChanges: process.argv[3] === "same" });
})().catch((error) => { console.error(error); process.exit(1); });
`;

const asModule = { type: "module" };

/** Every package manager but npm, which the other setups use, on every version of Node. */
function packageManagers(): Setup[] {
  return (["pnpm", "yarn 1", "yarn 4"] as const).flatMap((installer) =>
    ([20, 22, 24] as const).map((node): Setup => ({
      name: `${installer}, Node ${node}`,
      ...(installer === "pnpm" && node === 22 ? { tested: "in CI" } : {}),
      node,
      // Newer ones require Node 22, and yarn 1 refuses them on an older one.
      sdk: node === 20 ? "lowest" : "newest",
      installer,
      files:
        installer === "yarn 4"
          ? // An empty lock file makes the folder a project of its own.
            { ...typescript, ".yarnrc.yml": "nodeLinker: node-modules\n", "yarn.lock": "" }
          : typescript,
    })),
  );
}

export const setups: readonly Setup[] = [
  {
    name: "npm with engine-strict, lowest SDK, Node 20",
    tested: "always",
    node: 20,
    sdk: "lowest",
    installer: "npm strict",
    files: typescript,
  },
  { name: "TypeScript, newest SDK, Node 22", node: 22, sdk: "newest", installer: "npm", files: typescript },
  {
    name: "TypeScript, newest SDK, Node 24",
    tested: "in CI",
    node: 24,
    sdk: "newest",
    installer: "npm",
    files: typescript,
  },
  { name: "TypeScript, lowest SDK, Node 24", node: 24, sdk: "lowest", installer: "npm", files: typescript },
  { name: "CommonJS JavaScript, Node 22", node: 22, sdk: "newest", installer: "npm", files: commonJs },
  {
    name: "ESM JavaScript, Node 22",
    tested: "in CI",
    node: 22,
    sdk: "newest",
    installer: "npm",
    files: esm,
    packageJson: asModule,
  },
  {
    name: "TypeScript with ESM, Node 22",
    node: 22,
    sdk: "newest",
    installer: "npm",
    files: typescriptEsm,
    packageJson: { ...asModule, main: "index.ts" },
  },
  ...packageManagers(),
  {
    name: "a monorepo with workspaces",
    node: 22,
    sdk: "newest",
    installer: "npm",
    folder: "infra",
    files: {
      "package.json": JSON.stringify({ name: "monorepo", private: true, workspaces: ["infra"] }),
      ...Object.fromEntries(Object.entries(typescript).map(([name, text]) => [`infra/${name}`, text])),
    },
  },
  {
    name: "a program in a subfolder (main:)",
    node: 22,
    sdk: "newest",
    installer: "npm",
    files: {
      "Pulumi.yaml": `${project()}main: program\n`,
      "program/index.ts": typescript["index.ts"],
      "tsconfig.json": oldTsconfig,
    },
  },
  {
    name: "inline, by the Automation API",
    node: 22,
    sdk: "newest",
    installer: "npm",
    files: { "Pulumi.yaml": project(), "run.js": automation },
    automation: "run.js",
  },
];
