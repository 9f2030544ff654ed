import type { Page } from 'playwright-core'

/**
 * What of a page does not fit its window: a document that scrolls at all, something to read or press that no scrolling
 * reaches, text that is cut without a sign of it, and a list that is scrolled through a slit.
 */
export function misfits(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    /** Lines that a list must show for it to be read at all, in pixels. */
    const SLIT = 96
    const faults: string[] = []
    const nameOf = (element: Element): string =>
      `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.textContent ?? '').slice(0, 60)}`
    const wide = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)
    if (wide > innerWidth) faults.push(`the page is ${wide} px wide in ${innerWidth}`)
    // Not in a scroller of its own: a wheel over the head would slide the whole page away, and leave an empty window.
    const high = document.scrollingElement?.scrollHeight ?? 0
    if (high > innerHeight) {
      const reach = (element: Element): number => element.getBoundingClientRect().bottom + scrollY
      const lowest = [...document.querySelectorAll('body *')]
        .filter((element) => getComputedStyle(element).position === 'absolute')
        .toSorted((a, b) => reach(b) - reach(a))[0]
      faults.push(`the page is ${high} px high in ${innerHeight}${lowest === undefined ? '' : `: ${nameOf(lowest)}`}`)
    }
    /** It is brought into view by scrolling, or cut with dots that say so. */
    const isReached = (element: Element | null): boolean => {
      for (let at = element; at !== null; at = at.parentElement) {
        const { overflowX, textOverflow } = getComputedStyle(at)
        if (at.scrollWidth > at.clientWidth && (/auto|scroll/.test(overflowX) || textOverflow === 'ellipsis'))
          return true
      }
      return false
    }
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      element.closest('.sr-only, [aria-hidden="true"], [data-panned]') === null
    const all = [...document.querySelectorAll('body *')].filter(isSeen)
    for (const element of all) {
      const { left, right, width, height } = element.getBoundingClientRect()
      if (width < 2 || height < 2) continue
      const isRead = [...element.childNodes].some(
        ({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim() !== '',
      )
      const isPressed = element.matches('a, button, input, select, textarea, summary')
      if ((isRead || isPressed) && (right > innerWidth + 1 || left < -1) && !isReached(element.parentElement))
        faults.push(`beyond the edge: ${nameOf(element)}`)
      const style = getComputedStyle(element)
      const isClipped = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1
      if (isClipped && style.textOverflow !== 'ellipsis' && (element.textContent ?? '').trim() !== '')
        faults.push(`cut without a sign: ${nameOf(element)}`)
      // What stands out on the left of what it is put to the right of is in no scroll width.
      const isCutLeft =
        /hidden|clip/.test(style.overflowX) &&
        [...element.children].some((child) => isSeen(child) && child.getBoundingClientRect().left < left - 1)
      if (isCutLeft) faults.push(`cut on the left: ${nameOf(element)}`)
      const isHigher = /auto|scroll/.test(style.overflowY) && element.scrollHeight > element.clientHeight + 4
      if (isHigher && element.clientHeight < SLIT && element.scrollHeight > SLIT && !element.matches('textarea, pre'))
        faults.push(`a slit of ${element.clientHeight} px for ${element.scrollHeight}: ${nameOf(element)}`)
    }
    return faults
  })
}
