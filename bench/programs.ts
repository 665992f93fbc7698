import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

// Programs that declare COUNT identities, with a link to each of the ACS users in the file PEOPLE. CHANGED is the fraction of
// them whose name differs.

const people = `
  const acsUserIds: string[] = process.env.PEOPLE ? JSON.parse(require("node:fs").readFileSync(process.env.PEOPLE, "utf8")) : [];
  const every = Number(process.env.CHANGED ?? 0) === 0 ? Infinity : Math.round(1 / Number(process.env.CHANGED));
  const people = Array.from({ length: Number(process.env.COUNT) }, (_, index) => ({
    name: "person-" + index,
    args: {
      userIdentityKey: "person-" + index,
      emailAddress: "person-" + index + "@example.com",
      fullName: (index % every === 0 ? "Another person " : "Person ") + index,
    },
    acsUserId: acsUserIds[index],
  }));
`;

export const ourProgram = `
  // @ts-nocheck
  import * as seam from "pulumi-seam";
  ${people}
  for (const { name, args, acsUserId } of people) {
    const userIdentity = new seam.UserIdentity(name, args);
    if (acsUserId) new seam.AcsUserLink("link-" + name, { userIdentity, acsUserId });
  }
`;

/** Measures the cost of Pulumi itself: one provider for all resources, with the same arguments and outputs, that does nothing. */
export const doNothingProgram = `
  // @ts-nocheck
  import * as pulumi from "@pulumi/pulumi";
  import { randomUUID } from "node:crypto";
  ${people}
  const identities = {
    async create(inputs) {
      const id = randomUUID();
      const made = { createdAt: new Date(0).toISOString(), workspaceId: id, acsUserIds: [] };
      return { id, outs: { ...inputs, userIdentityId: id, displayName: inputs.fullName, ...made } };
    },
    async update(id, olds, news) {
      return { outs: { ...olds, ...news } };
    },
    async delete() {},
  };
  const links = {
    async create(inputs) {
      const id = inputs.userIdentityId + "/" + inputs.acsUserId;
      return { id, outs: { ...inputs, acsSystemId: inputs.acsUserId, workspaceId: inputs.acsUserId } };
    },
    async delete() {},
  };
  class Identity extends pulumi.dynamic.Resource {
    constructor(name, args) {
      const outs = { userIdentityId: undefined, displayName: undefined, createdAt: undefined, workspaceId: undefined };
      super(identities, name, { ...args, ...outs, acsUserIds: undefined }, {}, "seam", "UserIdentity");
    }
  }
  class Link extends pulumi.dynamic.Resource {
    constructor(name, args) {
      super(links, name, { ...args, acsSystemId: undefined, workspaceId: undefined }, {}, "seam", "AcsUserLink");
    }
  }
  for (const { name, args, acsUserId } of people) {
    const identity = new Identity(name, args);
    if (acsUserId) new Link("link-" + name, { userIdentityId: identity.id, acsUserId });
  }
`;

/** Seam's documented procedure as source text for a program. */
const procedure = ts
  .transpileModule(readFileSync(join(__dirname, "seedProcedure.ts"), "utf8"), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  })
  .outputText.replace("export async function", "async function")
  .replace(/^export .*$/gm, "");

/** A provider as tutorials show it: an object per resource, an HTTP client inside, the documented procedure in delete. */
export const inlineProgram = `
  // @ts-nocheck
  import * as pulumi from "@pulumi/pulumi";
  ${people}
  class Identity extends pulumi.dynamic.Resource {
    constructor(name, args) {
      const post = async (path, body) => {
        const axios = require("axios");
        const headers = { authorization: "Bearer " + process.env.SEAM_API_KEY };
        return (await axios.post(process.env.SEAM_ENDPOINT + path, body, { headers })).data;
      };
      const attributes = (inputs) => ({
        user_identity_key: inputs.userIdentityKey,
        email_address: inputs.emailAddress,
        full_name: inputs.fullName,
      });
      super({
        async create(inputs) {
          const { user_identity } = await post("/user_identities/create", attributes(inputs));
          return { id: user_identity.user_identity_id, outs: { ...inputs, displayName: user_identity.display_name } };
        },
        async read(id, props) {
          const { user_identity } = await post("/user_identities/get", { user_identity_id: id });
          return { id, props: { ...props, fullName: user_identity.full_name } };
        },
        async update(id, olds, news) {
          await post("/user_identities/update", { user_identity_id: id, ...attributes(news) });
          return { outs: { ...olds, ...news } };
        },
        async delete(id) {
          ${procedure}
          await seedProcedure(post, id);
        },
      }, name, { ...args, displayName: undefined });
    }
  }
  class Link extends pulumi.dynamic.Resource {
    constructor(name, args) {
      const post = async (path, body) => {
        const axios = require("axios");
        const headers = { authorization: "Bearer " + process.env.SEAM_API_KEY };
        return (await axios.post(process.env.SEAM_ENDPOINT + path, body, { headers })).data;
      };
      const link = (inputs) => ({ user_identity_id: inputs.userIdentityId, acs_user_id: inputs.acsUserId });
      super({
        async create(inputs) {
          await post("/user_identities/add_acs_user", link(inputs));
          return { id: inputs.userIdentityId + "/" + inputs.acsUserId, outs: inputs };
        },
        async read(id, props) {
          await post("/acs/users/get", { acs_user_id: props.acsUserId });
          return { id, props };
        },
        async delete(id, props) {
          await post("/user_identities/remove_acs_user", link(props));
        },
      }, name, args);
    }
  }
  for (const { name, args, acsUserId } of people) {
    const identity = new Identity(name, args);
    if (acsUserId) new Link("link-" + name, { userIdentityId: identity.id, acsUserId });
  }
`;
