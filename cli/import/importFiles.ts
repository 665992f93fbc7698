/**
 * The files that `pulumi-seam import` writes: one for `pulumi import`, and a program that declares the same. Both contain
 * personal data.
 */
export const importFiles = { resources: "seam-import.json", program: "seam-import.ts" } as const;
