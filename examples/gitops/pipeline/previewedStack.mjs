/**
 * Fails if a preview is of another stack than the one that is applied, such as the empty one of pull requests without secrets. In
 * that one everything seems to be created, so no limit would apply.
 */
export function mustBeOfStack(preview, stack) {
  const others = [...preview.matchAll(/"urn:pulumi:([^:"]*)::/g)]
    .map(([, name]) => name)
    .filter((name) => name !== stack);
  if (others.length > 0)
    throw new Error(`the preview is not of the stack "${stack}", so nothing of it is shown`);
}
