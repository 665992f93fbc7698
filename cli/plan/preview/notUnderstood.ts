/** The input is not a complete preview. A pipeline that guards a merge with it must hold the merge. */
export class NotUnderstoodError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NotUnderstoodError";
  }
}
