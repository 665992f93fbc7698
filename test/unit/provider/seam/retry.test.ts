import assert from "node:assert/strict";
import { AxiosError, AxiosHeaders } from "axios";
import {
  type CallKind,
  defaultRetryPolicy,
  excessiveCode,
  retriesOf,
  retryAfter,
} from "../../../../provider/seam/retry";

function failure(of: { code?: string; status?: number; cause?: Error; retryAfter?: string }): AxiosError {
  const error = new AxiosError("failed", of.code);
  if (of.cause !== undefined) error.cause = of.cause;
  if (of.status !== undefined) {
    const headers = of.retryAfter === undefined ? {} : { "retry-after": of.retryAfter };
    const config = { headers: new AxiosHeaders() };
    error.response = { status: of.status, statusText: "", data: "", headers, config };
  }
  return error;
}

const system = (syscall: string) => Object.assign(new Error("failed"), { syscall });

describe("a call is retried", () => {
  const retried = (kind: CallKind, error: AxiosError) =>
    retriesOf(kind, defaultRetryPolicy).retryCondition(error);

  it("if it is a create, only if it was certainly never sent", () => {
    for (const code of ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"])
      assert.ok(retried("create", failure({ code })), code);
    assert.ok(retried("create", failure({ code: "EHOSTUNREACH", cause: system("connect") })));
    const addresses = new AggregateError([system("connect"), system("connect")]);
    assert.ok(retried("create", failure({ code: "ETIMEDOUT", cause: addresses })));
    for (const error of [
      failure({ code: "EHOSTUNREACH", cause: system("read") }),
      failure({ code: "EHOSTUNREACH" }),
      failure({ code: "ETIMEDOUT", cause: new AggregateError([system("connect"), system("read")]) }),
      failure({ code: "ECONNRESET" }),
      failure({ status: 500 }),
    ]) {
      assert.ok(!retried("create", error), `${error.code ?? ""} ${error.response?.status ?? ""}`);
    }
  });

  it("if it is another call, after every failure that may not occur again", () => {
    for (const kind of ["read", "idempotent"] as const) {
      assert.ok(retried(kind, failure({ code: "ECONNRESET" })));
      assert.ok(retried(kind, failure({ status: 503 })));
      assert.ok(!retried(kind, failure({ status: 400 })));
      assert.ok(!retried(kind, failure({ status: 403 })));
      assert.ok(!retried(kind, failure({ code: excessiveCode })));
    }
  });

  it("never after the deadline, not even after a 429", () => {
    const pastDeadline = retriesOf("read", defaultRetryPolicy, performance.now() - 1);
    assert.ok(!pastDeadline.retryCondition(failure({ status: 503 })));
    assert.ok(!pastDeadline.retryCondition(failure({ status: 429 })));
  });

  it("as often as the policy says, with pauses that double up to its cap", () => {
    const policy = { ...defaultRetryPolicy, failures: 3, firstDelay: 100, delayCap: 250 };
    const retries = retriesOf("read", policy);
    const error = failure({ status: 503 });
    const pauses: number[] = [];
    while (retries.retryCondition(error)) pauses.push(retries.retryDelay(0, error));
    assert.equal(pauses.length, 3);
    for (const [index, [least, most]] of [
      [75, 125],
      [150, 250],
      [250, 250],
    ].entries()) {
      const pause = pauses[index] ?? 0;
      assert.ok(pause >= (least ?? 0) && pause <= (most ?? 0), String(pauses));
    }
    const long = failure({ status: 503, retryAfter: "3600" });
    assert.equal(retries.retryDelay(0, long), 250);
    assert.equal(retries.retryDelay(0, failure({ status: 429, retryAfter: "3600" })), 0);
  });

  it("after the time of Retry-After, in both of its forms", () => {
    assert.equal(retryAfter({ "retry-after": "2" }), 2000);
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const milliseconds = retryAfter({ "retry-after": inAMinute }) ?? 0;
    assert.ok(milliseconds > 55_000 && milliseconds <= 60_000);
    assert.equal(retryAfter({}), undefined);
    assert.equal(retryAfter({ "retry-after": "soon" }), undefined);
  });
});
