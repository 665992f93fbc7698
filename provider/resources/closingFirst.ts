/** When an access is valid. Without a start it is valid already, and without an end it never expires. */
export interface ValidTime {
  startsAt?: string | null | undefined;
  endsAt?: string | null | undefined;
}

/**
 * Splits an update into the requests to send, one after the other. New times that remove access are sent alone and first, so
 * that no refusal of anything else holds them back; everything else is one request.
 */
export function closingFirst<Change extends object>(
  times: Change,
  others: Change,
  before: ValidTime,
  after: ValidTime,
): Change[] {
  const requests = removesAccess(before, after) ? [times, others] : [{ ...times, ...others }];
  return requests.filter((one) => Object.keys(one).length > 0);
}

/** Whether an access that has new times starts later or ends earlier. */
export function removesAccess(before: ValidTime, after: ValidTime): boolean {
  return (
    timeOf(after.startsAt, -Infinity) > timeOf(before.startsAt, -Infinity) ||
    timeOf(after.endsAt, Infinity) < timeOf(before.endsAt, Infinity)
  );
}

function timeOf(time: string | null | undefined, none: number): number {
  return time === undefined || time === null ? none : Date.parse(time);
}
