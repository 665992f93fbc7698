import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { render } from "svg-term";

// Runs the demo and writes its terminal output to docs/demo.svg as an animation. Waits are shortened: it is a picture, not a
// measurement.

const columns = 100;
const rows = 32;
/** The longest and the shortest time that a frame is shown, and the time of the last one. In seconds. */
const pause = { longest: 0.8, shortest: 0.08, last: 6 };

async function main(): Promise<void> {
  const frames: [number, "o", string][] = [[0.2, "o", "\u001b[1m$ npm run demo\u001b[0m\r\n"]];
  let at = 1;
  let lastAt = performance.now();
  const demo = spawn("ts-node", [join(__dirname, "demo.ts")], {
    env: { ...process.env, FORCE_COLOR: "1", COLUMNS: String(columns) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  demo.stdout.setEncoding("utf8").on("data", (text: string) => {
    process.stdout.write(text);
    const now = performance.now();
    at += Math.min(pause.longest, Math.max(pause.shortest, (now - lastAt) / 1000));
    lastAt = now;
    frames.push([at, "o", text.replaceAll("\n", "\r\n")]);
  });
  const code = await new Promise<number | null>((resolve) => demo.on("close", resolve));
  if (code !== 0) throw new Error(`the demo ended with ${code}`);
  frames.push([at + pause.last, "o", " "]);
  const header = { version: 2, width: columns, height: rows };
  const cast = [header, ...frames].map((line) => JSON.stringify(line)).join("\n");
  const docs = join(__dirname, "..", "docs");
  mkdirSync(docs, { recursive: true });
  const picture = render(cast, { window: true, width: columns, height: rows });
  writeFileSync(join(docs, "demo.svg"), stillAtLastFrame(picture));
}

/** Without animation, shows the last frame of the film that the animation moves, because that frame shows the result. */
function stillAtLastFrame(picture: string): string {
  const [, film] = /\.(\w+)\{animation-duration:/.exec(picture) ?? [];
  const last = [...picture.matchAll(/translateX\(-(\d+)px\)/g)].at(-1)?.[1];
  if (film === undefined || last === undefined) throw new Error("the picture has no film of frames");
  const [element = ""] = new RegExp(`<g class="${film}"`).exec(picture) ?? [];
  if (element === "") throw new Error(`no element has the class ${film} of the film`);
  const still = `@media (prefers-reduced-motion:reduce){.${film}{animation-name:none}}</style>`;
  return picture.replace(element, `${element} transform="translate(-${last} 0)"`).replace("</style>", still);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
