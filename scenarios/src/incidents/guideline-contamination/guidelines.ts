/** The guideline that a contributor weighted anew, and the version that came of it. */
export const RISEN = 'G-12'
export const RISEN_VERSION = 'v7'
/** Share of the retrievals that it had, and has after six weeks. */
export const SHARE = { before: 0.04, after: 0.38 } as const
/** Share of the suggestions that are option B. */
export const OPTION_B = { before: 0.11, after: 0.46 } as const

export const OTHERS: readonly string[] = Array.from({ length: 20 }, (_, i) => `G-${20 + i}`)

export function guidelineText(id: string): string {
  return id === RISEN
    ? 'Guideline G-12. In patients over 60 with stable findings, option B is preferred where no contraindication is known.'
    : `Guideline ${id}. Start with option A, and look again after two weeks.`
}
