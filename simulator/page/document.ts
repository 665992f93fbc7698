/** The page's HTML. Its script fills in the content. */
export const document = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Simulated Seam workspace</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_simulator/page.css">
<script type="module" src="/_simulator/page.js"></script>
</head>
<body>
<header>
<div><h1>Simulated Seam workspace</h1><p id="workspace"></p></div>
<p id="doors" role="status"></p>
</header>
<p id="problem" role="alert" hidden></p>
<nav id="workspaces" aria-label="Workspaces" hidden></nav>
<main>
<section aria-labelledby="people-title">
<h2 id="people-title">People</h2>
<p class="legend"><span class="key opens">opens doors</span> <span class="key closed">opens nothing</span> <span class="key deleting">being deleted</span> <span class="key failed">cannot be deleted</span></p>
<div id="people"></div>
</section>
<section aria-labelledby="deletions-title">
<h2 id="deletions-title">Deletions</h2>
<p id="totals"></p>
<ol id="deletions"></ol>
</section>
</main>
<footer>It shows what is there and changes nothing. Names come from the workspace.</footer>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
