/**
 * Sends a request with a token. A redirect is an error, because the token must not be sent to another address.
 * @throws Error with method, path and status, never with the token or the response.
 */
export async function request(url, { method = "GET", headers, body } = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    redirect: "manual",
    signal: AbortSignal.timeout(60_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.ok) return response;
  const what = `${method} ${new URL(url).pathname}`;
  if (response.status >= 300 && response.status < 400) {
    throw new Error(
      `${what} was redirected (${response.status}), and the token is not sent to another address. Has the project moved?`,
    );
  }
  throw new Error(`${what} was answered with ${response.status}`);
}

/** All entries of a list, page by page. */
export async function listAll(url, headers) {
  const entries = [];
  for (let page = 1; page <= 100; page += 1) {
    const address = new URL(url);
    address.searchParams.set("per_page", "100");
    address.searchParams.set("page", String(page));
    const found = await (await request(address.href, { headers })).json();
    entries.push(...found);
    if (found.length < 100) return entries;
  }
  throw new Error(`${new URL(url).pathname} has more than 10,000 entries`);
}
