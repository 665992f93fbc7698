import * as seam from "pulumi-seam";

/** The program of docs/testing.md. */
export function declarePeople(): seam.UserIdentity[] {
  return [
    new seam.UserIdentity("jean", { userIdentityKey: "jean_doe", fullName: "Jean Doe" }),
    new seam.UserIdentity("ada", { userIdentityKey: "ada_byron", fullName: "Ada Byron" }),
  ];
}
