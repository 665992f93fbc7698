declare module "svg-term" {
  /** Draws an asciicast as an animated SVG. */
  export function render(
    cast: string,
    options: { window?: boolean; width?: number; height?: number },
  ): string;
}
