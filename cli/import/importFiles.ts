/** What `pulumi-seam import` writes: the file for `pulumi import`, and the program that declares the same. Both hold personal data. */
export const importFiles = { resources: "seam-import.json", program: "seam-import.ts" } as const;
