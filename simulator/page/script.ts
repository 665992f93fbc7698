/** The page's script, an ES module. Names from the workspace are inserted as text, never as HTML. */
export const script = `const pollMilliseconds = 300;
const chosen = new URLSearchParams(location.search).get("workspace_id");
const byId = (id) => document.getElementById(id);

function element(tag, { text, className, label, scope } = {}, ...children) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  if (label !== undefined) node.dataset.label = label;
  if (scope) node.scope = scope;
  node.append(...children);
  return node;
}

const count = (number, one, many) => number + " " + (number === 1 ? one : many ?? one + "s");
const classOf = { "being deleted": "deleting", "cannot be deleted": "failed" };

function keyChip(key) {
  const className = classOf[key.state] ?? (key.opens ? "opens" : "closed");
  const meaning = key.state === "present" ? (key.opens ? "opens doors" : "opens nothing") : key.state;
  const chip = element("span", { text: key.method.replaceAll("_", " "), className: "key " + className });
  // A key that is being deleted still opens doors until it is gone, unless its ACS user is suspended.
  chip.title = meaning + (key.state !== "present" && key.opens ? ", still opens doors" : "");
  chip.setAttribute("aria-label", chip.textContent + ": " + chip.title);
  chip.setAttribute("role", "img");
  return chip;
}

function memberContent(member) {
  const notes = [];
  if (member.state !== "present") notes.push(member.state);
  if (member.isSuspended) notes.push("suspended");
  if (member.keysInAll === 0) notes.push("no keys");
  if (member.keysInAll > member.keys.length) notes.push(count(member.keysInAll, "key") + " in all");
  return [
    element("div", { className: "keys" }, ...member.keys.map(keyChip)),
    ...(notes.length > 0 ? [element("span", { text: notes.join(", "), className: "note" })] : []),
  ];
}

/** A row: a person, or an ACS user without an identity. */
function row(systems, { name, note, className, members, more }) {
  return element(
    "tr",
    { className },
    element(
      "th",
      { scope: "row" },
      element("bdi", { text: name, className: "name" }),
      element("span", { text: note, className: "note" }),
    ),
    ...systems.map((system) =>
      element(
        "td",
        { label: system.name },
        ...members.filter((member) => member.systemId === system.id).flatMap(memberContent),
      ),
    ),
    element("td", { label: "Also", text: more }),
  );
}

function personRow(systems, person) {
  const more = [
    ...person.locks.map((lock) => "opens " + lock),
    ...(person.grants ? [count(person.grants, "grant")] : []),
    ...(person.phones ? [count(person.phones, "phone")] : []),
    ...(person.sessions ? [count(person.sessions, "session")] : []),
  ];
  const doors = person.doorsOpen === 0 ? "opens no door" : count(person.doorsOpen, "key opens doors", "keys open doors");
  const note = person.state === "present" ? doors : person.state + ", " + doors;
  return row(systems, { name: person.name, note, members: person.members, more: more.join(", ") });
}

/** The people that this page has shown, by id. Those who are gone stay in the list for a while. */
const seen = new Map();
const goneForMilliseconds = 60_000;
const maxGone = 50;

function remember(view) {
  const now = Date.now();
  const here = new Set(view.people.map((person) => person.id));
  const isComplete = view.peopleInAll === view.people.length;
  for (const person of view.people) seen.set(person.id, { name: person.name, goneAt: undefined });
  for (const [id, entry] of seen) {
    if (here.has(id)) continue;
    // In an incomplete list, a missing person is not necessarily gone.
    if (!isComplete) seen.delete(id);
    else entry.goneAt ??= now;
    if (entry.goneAt !== undefined && now - entry.goneAt > goneForMilliseconds) seen.delete(id);
  }
  return [...seen.values()].filter((entry) => entry.goneAt !== undefined).slice(-maxGone);
}

function show(view, gone) {
  byId("workspace").textContent = view.workspace.name + ", " + view.workspace.id;
  byId("doors").textContent = view.doorsOpen === 0 ? "All doors closed" : count(view.doorsOpen, "key opens doors", "keys open doors");
  byId("doors").className = view.doorsOpen === 0 ? "" : "open";
  byId("workspaces").hidden = view.workspaces.length < 2;
  byId("workspaces").replaceChildren(
    ...view.workspaces.map((workspace) => {
      const link = element("a", { text: workspace.name });
      link.href = "/?workspace_id=" + encodeURIComponent(workspace.id);
      if (workspace.id === view.workspace.id) link.setAttribute("aria-current", "page");
      return link;
    }),
  );
  const rows = [
    ...view.people.map((person) => personRow(view.systems, person)),
    ...gone.map((entry) => row(view.systems, { name: entry.name, note: "gone", className: "gone", members: [], more: "" })),
    ...view.unlinked.map((member) => row(view.systems, { name: member.name, note: "ACS user without an identity", members: [member], more: "" })),
  ];
  const hidden = view.peopleInAll - view.people.length + view.unlinkedInAll - view.unlinked.length;
  const head = ["Person", ...view.systems.map((system) => system.name), "Also"];
  byId("people").replaceChildren(
    rows.length === 0
      ? element("p", { text: "Nobody yet. People appear here as soon as a program creates them.", className: "empty" })
      : element(
          "table",
          {},
          element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { text, scope: "col" })))),
          element("tbody", {}, ...rows),
        ),
    ...(hidden > 0 ? [element("p", { text: "and " + hidden + " more", className: "quiet" })] : []),
  );
  const { inProgress, done, latest } = view.deletions;
  byId("totals").textContent = inProgress + " in progress, " + done + " done";
  byId("deletions").replaceChildren(
    ...latest.toReversed().map((deletion) =>
      element(
        "li",
        {},
        element("span", {
          text: deletion.goneAt === null ? "deleting" : "gone",
          className: "key " + (deletion.goneAt === null ? "deleting" : "closed"),
        }),
        " " + deletion.kind + " ",
        element("code", { text: deletion.id.slice(0, 8) }),
        deletion.goneAt === null ? "" : " after " + ((deletion.goneAt - deletion.requestedAt) / 1000).toFixed(1) + " s",
      ),
    ),
  );
}

let shown = "";
async function poll() {
  const problem = byId("problem");
  try {
    const query = chosen === null ? "" : "?workspace_id=" + encodeURIComponent(chosen);
    const answer = await fetch("/_simulator/view" + query, { cache: "no-store", signal: AbortSignal.timeout(5000) });
    const view = await answer.json();
    if (!answer.ok) throw new Error(view.error.message);
    const gone = remember(view);
    // Without changes the page is not rendered again, which keeps selected text.
    const next = JSON.stringify([view, gone]);
    if (next !== shown) show(view, gone);
    shown = next;
    problem.hidden = true;
  } catch (error) {
    problem.textContent = "The simulator does not answer (" + error.message + "). What is below may be out of date.";
    problem.hidden = false;
  }
  setTimeout(poll, pollMilliseconds);
}
void poll();
`;
