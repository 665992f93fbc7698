/** What was given is not a whole preview. Whoever guards a merge with it has to hold the merge. */
export class NotUnderstoodError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NotUnderstoodError";
  }
}
