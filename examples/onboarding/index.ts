import * as pulumi from "@pulumi/pulumi";
import * as seam from "pulumi-seam";

interface Person {
  key: string;
  fullName: string;
  emailAddress: string;
  /** The last day, ISO 8601. Default: no end. */
  until?: string;
  /** Whether the ACS users are suspended for now. */
  away?: boolean;
}

const config = new pulumi.Config();
const acsSystemIds = config.requireObject<Record<string, string>>("acsSystemIds");
const people = config.requireObject<Person[]>("people");

/** An account in the app, and access to every building. */
class Member extends pulumi.ComponentResource {
  constructor({ key, fullName, emailAddress, until, away }: Person) {
    super("acme:seam:Member", key);
    const userIdentity = new seam.UserIdentity(
      key,
      { userIdentityKey: key, fullName, emailAddress },
      { parent: this },
    );
    for (const [building, acsSystemId] of Object.entries(acsSystemIds)) {
      const acsUser = new seam.AcsUser(
        `${key}-${building}`,
        {
          acsSystemId,
          fullName,
          emailAddress,
          suspended: away,
          accessSchedule:
            until === undefined ? undefined : { startsAt: "2026-01-01T00:00:00Z", endsAt: until },
        },
        { parent: this },
      );
      new seam.AcsUserLink(`${key}-${building}`, { userIdentity, acsUser }, { parent: this });
    }
  }
}

for (const person of people) new Member(person);
