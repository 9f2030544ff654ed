import type { Page } from 'playwright-core'

/**
 * Times of day that a page shows without a word for their zone, each with what stands around it. What others wrote is left
 * out: it is shown as it was written.
 */
export function timesWithoutZone(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const around = text.parentElement
      if (around === null || around.closest('.untrusted, script, style, pre, code') !== null) continue
      if (!/(?<![\d:.])\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?![\d:])/.test(text.textContent ?? '')) continue
      const words = around.textContent ?? ''
      if (!/\bUTC\b|\d(?:Z| ?[+-]\d{2}:\d{2})(?!\w)/.test(words)) found.push(words.slice(0, 120))
    }
    return found
  })
}
