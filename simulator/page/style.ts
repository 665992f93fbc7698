/** The page's style: light and dark, down to 320 pixels. */
export const style = `:root {
  color-scheme: light dark;
  --background: light-dark(#f6f7f9, #14171b);
  --surface: light-dark(#ffffff, #1d2126);
  --line: light-dark(#dfe3e8, #323840);
  --text: light-dark(#1d232b, #e7eaee);
  --quiet: light-dark(#5b6673, #9ca6b2);
  --open: light-dark(#0b6b3a, #6fdc9f);
  --open-surface: light-dark(#dff5e8, #173a27);
  --deleting: light-dark(#8a4b00, #ffc470);
  --deleting-surface: light-dark(#ffeed6, #43300f);
  --failed: light-dark(#a3201a, #ff9d96);
  --failed-surface: light-dark(#fde4e2, #471d1b);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem clamp(.75rem, 3vw, 2rem); background: var(--background); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 2rem; justify-content: space-between; align-items: center; margin-bottom: 1.25rem; }
h1 { font-size: 1.35rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .5rem; }
p { margin: 0; }
#workspace, footer, .quiet, #totals { color: var(--quiet); font-size: .9rem; overflow-wrap: anywhere; }
#doors { font-size: 1.15rem; font-weight: 650; padding: .4rem 1rem; border-radius: 2rem; background: var(--surface); border: 1px solid var(--line); color: var(--quiet); font-variant-numeric: tabular-nums; }
#doors.open { background: var(--open-surface); color: var(--open); border-color: transparent; }
#problem { padding: .6rem 1rem; margin-bottom: 1rem; border-radius: .5rem; background: var(--failed-surface); color: var(--failed); }
nav { display: flex; flex-wrap: wrap; gap: .75rem; margin-bottom: 1rem; }
nav a { color: inherit; overflow-wrap: anywhere; }
nav a[aria-current] { font-weight: 650; text-decoration: none; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem clamp(.75rem, 2vw, 1.25rem); margin-bottom: 1.25rem; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem; margin-bottom: .75rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th { text-align: left; font-size: .85rem; color: var(--quiet); font-weight: 600; }
th, td { padding: .6rem .6rem .6rem 0; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { border-top: 0; }
tbody th { font-size: 1rem; color: var(--text); }
.keys { display: flex; flex-wrap: wrap; gap: .3rem; }
.key { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .8rem; line-height: 1.5; border: 1px solid transparent; }
.key::before { content: "○ "; }
.closed { border-color: var(--line); color: var(--quiet); }
.opens { background: var(--open-surface); color: var(--open); }
.opens::before { content: "● "; }
.deleting { background: var(--deleting-surface); color: var(--deleting); }
.deleting::before { content: "◌ "; }
.failed { background: var(--failed-surface); color: var(--failed); }
.failed::before { content: "! "; }
.gone th, .gone td { color: var(--quiet); }
.gone th .name { text-decoration: line-through; }
.note { display: block; font-size: .8rem; font-weight: 400; color: var(--quiet); }
.empty { color: var(--quiet); padding: 1.5rem 0; text-align: center; }
#deletions { list-style: none; margin: .5rem 0 0; padding: 0; columns: 20rem; font-size: .85rem; }
#deletions li { break-inside: avoid; padding: .15rem 0; font-variant-numeric: tabular-nums; }
#deletions code { color: var(--quiet); }
@media (prefers-reduced-motion: no-preference) {
  tbody .deleting { animation: pulse 1.2s ease-in-out infinite alternate; }
  @keyframes pulse { to { opacity: .55; } }
}
@media (max-width: 44rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: 100%; }
  tr { border-top: 1px solid var(--line); padding: .6rem 0; }
  th, td { border: 0; padding: .15rem 0; }
  td:empty { display: none; }
  td::before { content: attr(data-label); display: block; font-size: .8rem; color: var(--quiet); }
}
`;
