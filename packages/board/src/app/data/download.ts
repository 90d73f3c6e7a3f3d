import type { Client, Question } from '@michinori/client';

/** Saves all rows of an answer as CSV, as the API writes it. @throws ProblemError */
export async function saveCsv(client: Client, question: Question<unknown, unknown>, name: string): Promise<void> {
  const { body } = await client.csv(question);
  save(await new Response(body).blob(), `${name}.csv`);
}

/** Saves text that the page has already. */
export function saveText(text: string, type: string, name: string): void {
  save(new Blob([text], { type }), name);
}

/**
 * Saves an element as it looks, as PNG at twice its size. Every computed style is written into a copy, which an SVG image
 * carries to a canvas; nothing is fetched.
 */
export async function savePicture(element: HTMLElement, name: string): Promise<void> {
  const { width, height } = element.getBoundingClientRect();
  const copy = element.cloneNode(true) as HTMLElement;
  copyStyles(element, copy);
  copy.setAttribute('xmlns', 'http://www.w3.org/1999/xhtml');
  const markup = new XMLSerializer().serializeToString(copy);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${markup}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const scale = 2;
  const margin = 16;
  canvas.width = (width + 2 * margin) * scale;
  canvas.height = (height + 2 * margin) * scale;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('no canvas');
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(document.body).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, margin, margin, width, height);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error('no picture');
  save(blob, `${name}.png`);
}

function copyStyles(from: Element, to: Element): void {
  if (to instanceof HTMLElement || to instanceof SVGElement) {
    const style = getComputedStyle(from);
    to.removeAttribute('class');
    for (const property of style) to.style.setProperty(property, style.getPropertyValue(property));
  }
  for (const [index, child] of [...from.children].entries()) {
    const other = to.children[index];
    if (other !== undefined) copyStyles(child, other);
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
