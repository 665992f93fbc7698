import * as pulumi from "@pulumi/pulumi";

/** A mistake of the program or a failed lookup, of which Pulumi prints the message alone. */
export class ProgramError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.name = "ProgramError";
    // Pulumi prints the stack in one case. Besides, some releases of Node.js loop for minutes on a line of it (nodejs/node#64011).
    this.stack = message;
  }
}
