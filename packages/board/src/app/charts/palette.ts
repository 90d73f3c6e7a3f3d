/** Colours of a chart: those of the page at this moment, so that light and dark are the same drawing. */
export interface Palette {
  ink: string;
  faint: string;
  line: string;
  paper: string;
  /** Okabe and Ito (2008): told apart also by the colour-blind. */
  series: readonly string[];
  advanced: string;
  lost: string;
  open: string;
  font: string;
  /** Size of small letters. */
  fontPx: number;
  /** Width of the chart. */
  widthPx: number;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  // The colour that a token comes to: what it says may depend on the scheme.
  const probe = document.createElement('i');
  probe.hidden = true;
  element.append(probe);
  const of = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    ink: of('ink'),
    faint: of('faint'),
    line: of('line'),
    paper: of('paper'),
    series: Array.from({ length: 8 }, (_, index) => of(`colour-${index}`)),
    advanced: of('advanced'),
    lost: of('lost'),
    open: of('open'),
    font: style.fontFamily,
    fontPx: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.8125,
    widthPx: element.clientWidth,
  };
  probe.remove();
  return palette;
}
