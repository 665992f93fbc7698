import assert from "node:assert/strict";
import { protectKey, redact } from "../../../../provider/seam/redaction";
import { printable } from "../../../../provider/seam/printable";
import { assertLinear } from "./linearTime";

describe("redaction", () => {
  describe("of personal data", () => {
    const masked: [text: string, shown: string][] = [
      ["jean.doe@example.com is taken", "j***@example.com is taken"],
      ["<jean@example.com>, 'zoe@example.com'.", "<j***@example.com>, 'z***@example.com'."],
      ["jean.doe/x@example.com", "j***@example.com"],
      ["o'neil+doors!#$%&*=?^_`{|}~-@example.com", "o***@example.com"],
      ["_jean@example.com", "_j***@example.com"],
      ['"jean doe"@example.com', "***@example.com"],
      ['"jean \\"the door\\" doe"@example.com', "***@example.com"],
      ['{"message":"\\"jean doe\\"@example.com"}', '{"message":"***@example.com"}'],
      ['jean."doe x"@example.com', "j***@example.com"],
      ["jean(at work)@example.com", "j***@example.com"],
      ["jean@[192.168.0.1] and jean@[IPv6:2001:db8::1]", "j***@[192.168.0.1] and j***@[IPv6:2001:db8::1]"],
      ["jean@192.168.0.1", "j***@192.168.0.1"],
      ["jean%40example.com", "j***@example.com"],
      ["jean\uff20example\u3002com", "j***@example\u3002com"],
      ["иван.петров@пример.рф", "и***@пример.рф"],
      ["田中@例え.テスト", "田***@例え.テスト"],
      ["jose\u0301.garci\u0301a@example.com", "j***@example.com"],
      ["e\u0301lodie@example.com", "e***@example.com"],
      ["jean@cafe\u0301.example", "j***@cafe\u0301.example"],
      ["je\u200ban@exam\u200dple.com", "j***@exam\u200dple.com"],
      ["𝒿ean@example.com", "𝒿***@example.com"],
      ["jean@mail.163.com", "j***@mail.163.com"],
      ["a@b.co@c.example", "a***@b.co@c.example"],
      ["(+15555550110) exists", "(+***10) exists"],
      ["+1 (555) 555-0110", "+***10"],
      ["+49-30-1234567, +33 6 12 34 56 78; +1.555.555.0110", "+***67, +***78; +***10"],
      ["+1\u00a0555\u2011555\u20110110", "+***10"],
      ["+15555550110 123456", "+***10 123456"],
      ["\uff0b15555550110", "+***10"],
      ["(555) 555-0110", "(***) ***-**10"],
    ];
    for (const [text, shown] of masked) {
      it(`masks ${text}`, () => {
        assert.equal(redact(text), shown);
        assert.equal(redact(shown), shown);
      });
    }

    it("leaves other text alone", () => {
      for (const text of [
        "48500a8e-5e7e-4bde-b7e5-0be97cae5d7a",
        "ts-node@7.0.1, pkg@1.2.3; @scope/pkg@1.2.3-beta.one and pkg@1.2.3+build",
        "pulumi@v3.248.0 pkg@^1.2.3 pkg@1.x pkg@latest actions/checkout@v4",
        "user@host",
        "a @ b.example",
        "2026-11-25T10:00:00+00:00",
        "urn:pulumi:dev::people::pulumi-nodejs:dynamic/seam:UserIdentity::jean",
        "+ 5 to create, +12 -3",
      ]) {
        assert.equal(redact(text), text);
      }
    });

    it("masks an address from which hidden characters were removed", () => {
      assert.equal(redact(printable("je\u202ean@example.com")), "j***@example.com");
    });
  });

  describe("of API keys", () => {
    const secret = "Q7x+/k2Zp9=Wm4";
    const key = `seam_testAbCd_${secret}`;
    before(() => protectKey(key));

    const percent = (text: string) =>
      Array.from(text, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`).join("");
    const html = (text: string) => Array.from(text, (one) => `&#${one.charCodeAt(0)};`).join("");
    const json = (text: string) =>
      Array.from(text, (one) => `\\u00${one.charCodeAt(0).toString(16)}`).join("");
    const forms: Record<string, string> = {
      "as it is": key,
      "after Bearer, percent-encoded": `Bearer%20${encodeURIComponent(key)}`,
      "percent-encoded twice": encodeURIComponent(encodeURIComponent(key)),
      "percent-encoded throughout": percent(key),
      "without its prefix": key.slice("seam_".length),
      "with another prefix": `api_key_${key.slice("seam_".length)}`,
      "its last part": secret,
      "with an underscore that is encoded": key.replaceAll("_", "%5F"),
      "in JSON": json(key),
      "in JSON in JSON": json(key).replaceAll("\\", "\\\\"),
      "in HTML": html(key),
      "in lower case": key.toLowerCase(),
      "in base64": Buffer.from(key).toString("base64"),
      "in base64url": Buffer.from(key).toString("base64url"),
      "in the base64 of a header": Buffer.from(`Bearer ${key}\n`).toString("base64"),
      "in base64 one byte on": Buffer.from(`x${key}y`).toString("base64"),
      "in base64 two bytes on": Buffer.from(`xx${key}yy`).toString("base64url"),
      "in hexadecimal": Buffer.from(key).toString("hex"),
      "after a letter": `x${key}x`,
    };
    for (const [name, form] of Object.entries(forms)) {
      it(`replaces a key ${name}`, () => {
        const shown = redact(`said ${form} twice: ${form}.`);
        assert.ok(!shown.includes(form), shown);
        assert.match(shown, /seam_\*\*\*/);
        for (const part of [secret, encodeURIComponent(secret), form.slice(-18)]) {
          assert.ok(!shown.toLowerCase().includes(part.toLowerCase()), shown);
        }
      });
    }

    it("masks what looks like a key, in use or not", () => {
      assert.equal(redact("key seam_test_1234567890 is unknown"), "key seam_*** is unknown");
      assert.equal(redact("Bearer%20seam_test_1234567890"), "Bearer%20seam_***");
      assert.equal(redact("api_key_1234567890ab"), "seam_***");
      assert.equal(redact("api_key_not_found"), "api_key_not_found");
    });

    it("does not treat words that a short key contains as the key", () => {
      protectKey("seam_workspace");
      assert.equal(redact("the workspace seam"), "the workspace seam");
    });
  });

  describe("takes time in proportion to the text", () => {
    const texts: Record<string, string> = {
      "one word": "a",
      dots: "a.",
      "at signs": "a@",
      "encoded at signs": "a%40",
      "punctuation and encoded at signs": "_%40",
      addresses: "a@b.co,",
      "quotation marks": '"',
      "quoted addresses": '"@[1.1.1.1]',
      "escaped quotation marks": '\\"@b.co',
      parentheses: "()@b.co",
      "plus signs": "+",
      "plus signs and digits": "+1",
      digits: "1",
      "digits with separators": "1 - ",
      "prefixes of keys": "seam_",
      "other prefixes of keys": "api_key_",
      "percent signs": "%25",
      backslashes: "\\",
      "half a key": "testAbCd_Q7x+/k2Zp9=W",
      brackets: "@[",
      spaces: " ",
      accents: "\u0301",
      surrogates: "𝒿",
    };
    for (const [name, piece] of Object.entries(texts)) {
      it(`of ${name}`, () => {
        const text = (size: number) => `${piece.repeat(Math.ceil(size / piece.length))}!`;
        assertLinear(`redact ${name}`, text, redact);
        assertLinear(`printable ${name}`, text, printable);
      });
    }
    it("of terminal sequences", () => {
      for (const piece of ["\u001b[", "\u001b[1;", "\u009b00000", "::", "##vso", "\n", "\u200b"]) {
        assertLinear(`printable ${JSON.stringify(piece)}`, (size) => piece.repeat(size / 4), printable);
      }
    });
  });
});
