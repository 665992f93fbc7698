/** What a plan does to one person, in words, doors first. */
export interface Effects {
  /** "Lobby (2 cards)". */
  loses: string[];
  gets: string[];
  /** What a person who leaves can still open: "Offices (3 cards)". */
  stillHas: string[];
  /** Other changes: "name", "e-mail address". */
  changes: string[];
  /** "stays in Seam", "joins". */
  remarks: string[];
  joins: boolean;
  leaves: boolean;
}
