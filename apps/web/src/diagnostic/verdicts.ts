/** Colour, sign and words of a verdict; the sign says the same as the colour. */
export type VerdictLook = { readonly badge: string; readonly sign: string; readonly says: string }

const LOOKS: Readonly<Record<string, VerdictLook>> = {
  yes: { badge: 'badge-good', sign: '✓', says: 'shown' },
  covered: { badge: 'badge-good', sign: '✓', says: 'shown' },
  partly: { badge: 'badge-warn', sign: '◐', says: 'a part is not shown' },
  partial: { badge: 'badge-warn', sign: '◐', says: 'a part is not shown' },
  no: { badge: 'badge-bad', sign: '✕', says: 'not shown' },
  missing: { badge: 'badge-bad', sign: '✕', says: 'not shown' },
  constrained: { badge: 'badge-info', sign: '–', says: 'the platform gives no means to have the rest' },
}

export function lookOf(verdict: string): VerdictLook {
  return LOOKS[verdict] ?? { badge: '', sign: '?', says: verdict }
}
