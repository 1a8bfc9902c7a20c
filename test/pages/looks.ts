import type { Locator } from 'playwright-core';

export function styleOf(place: Locator, property: string): Promise<string> {
  return place.evaluate(
    (element, name) => element.ownerDocument.defaultView.getComputedStyle(element)[name],
    property,
  );
}

/** The contrast of a text against what is behind it, as WCAG 2 reckons it. */
export async function contrastOf(place: Locator): Promise<number> {
  let behind = place;
  while ((await styleOf(behind, 'backgroundColor')) === TRANSPARENT) behind = behind.locator('..');
  const text = luminance(await styleOf(place, 'color'));
  const back = luminance(await styleOf(behind, 'backgroundColor'));
  return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
}

const TRANSPARENT = 'rgba(0, 0, 0, 0)';

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((value) => {
    const share = Number(value) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
