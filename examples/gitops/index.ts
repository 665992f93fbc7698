import { readFileSync } from "node:fs";
import * as seam from "pulumi-seam";

interface Person {
  key: string;
  fullName: string;
  emailAddress: string;
}

const people = JSON.parse(readFileSync("people.json", "utf8")) as Person[];

for (const { key, fullName, emailAddress } of people) {
  new seam.UserIdentity(key, { userIdentityKey: key, fullName, emailAddress });
}
