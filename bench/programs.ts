import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export const ourProgram = `
  import * as seam from "pulumi-seam";
  for (let index = 0; index < Number(process.env.COUNT); index += 1) {
    new seam.UserIdentity("person-" + index, { fullName: "Person " + index });
  }
`;

/** The seed's procedure as text that a program can hold. */
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
  class Identity extends pulumi.dynamic.Resource {
    constructor(name, args) {
      super({
        async create(inputs) {
          const axios = require("axios");
          const headers = { authorization: "Bearer " + process.env.SEAM_API_KEY };
          const url = process.env.SEAM_ENDPOINT + "/user_identities/create";
          const answer = await axios.post(url, { full_name: inputs.fullName }, { headers });
          return { id: answer.data.user_identity.user_identity_id, outs: inputs };
        },
        async delete(id) {
          const axios = require("axios");
          const headers = { authorization: "Bearer " + process.env.SEAM_API_KEY };
          const ask = async (path, body) =>
            (await axios.post(process.env.SEAM_ENDPOINT + path, body, { headers })).data;
          ${procedure}
          await seedProcedure(ask, id);
        },
      }, name, args);
    }
  }
  for (let index = 0; index < Number(process.env.COUNT); index += 1) {
    new Identity("person-" + index, { fullName: "Person " + index });
  }
`;
