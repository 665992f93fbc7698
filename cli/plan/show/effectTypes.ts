/** What a plan does to one person, in words, doors first. */
export interface Effects {
  /** "Lobby (2 cards)". */
  loses: string[];
  gets: string[];
  /** What somebody who leaves can still open: "Offices (3 cards)". */
  stillHas: string[];
  /** What changes besides: "name", "e-mail address". */
  changes: string[];
  /** "stays in Seam", "joins". */
  remarks: string[];
  joins: boolean;
  leaves: boolean;
}
