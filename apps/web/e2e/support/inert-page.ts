import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Nothing is being read any more: every view says so while it is. */
export async function settled(page: Page): Promise<void> {
  await page
    .locator('main')
    .first()
    .waitFor()
    .catch(async (fault: unknown) => {
      throw new Error(`${page.url()} shows ${(await page.content()).slice(0, 2_000)}`, { cause: fault })
    })
  await page.waitForFunction(() => !/(Reading|reading) .*…|Reading …|looking …/.test(document.body.innerText))
}

/** Nothing ran, nothing was made of the text, and no hidden character is in the page or in what a screen reader is told. */
export async function expectInert(page: Page, where: string): Promise<void> {
  const found = await page.evaluate(() => {
    // Format, private and lone surrogate characters, and controls but for the ends of lines.
    const isHidden = (text: string): boolean => /[\p{Cf}\p{Co}\p{Cs}]|[^\P{Cc}\n\t\r]/u.test(text)
    const said = [...document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')].flatMap((element) =>
      ['aria-label', 'title', 'alt', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
    )
    return {
      ran: '__ran' in window,
      elements: [
        ...document.querySelectorAll(
          'main img, main iframe, main style, main link, main script, main object, main embed, main form[action], main [formaction], main base, main meta, main a[href^="http"], main a[href^="javascript" i], main a[href^="data" i]',
        ),
      ].map((element) => element.outerHTML.slice(0, 200)),
      hidden: isHidden(document.body.innerText) || isHidden(document.title),
      said: said.filter(isHidden).slice(0, 3),
      followable: /https?:\/\/evil/i.test(document.body.innerText),
    }
  })
  expect({ where, ...found }).toEqual({ where, ran: false, elements: [], hidden: false, said: [], followable: false })
}

/** An address with its parameters: the ids that are known, and the text for every other. */
export function filled(route: string, ids: Readonly<Record<string, string>>, text: string): string {
  const segment = (value: string): string => encodeURIComponent(value.toWellFormed().replaceAll(/^\.{1,2}$/g, 'dots'))
  return route.replaceAll(/\$(\w+)/g, (_, name: string) => segment(ids[name] ?? text))
}

/** What each form of the page's "Copy as" would put on the clipboard. */
export async function copiedForms(page: Page): Promise<Readonly<Record<string, string>>> {
  await page.evaluate(() => {
    const writeText = (text: string): Promise<void> => {
      Object.assign(window, { __copied: text })
      return Promise.resolve()
    }
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true })
  })
  const forms: Record<string, string> = {}
  for (const name of ['Link', 'Command line', 'curl', 'JSON', 'Markdown', 'CSV']) {
    await page.getByRole('button', { name: 'Copy as' }).first().click()
    await page.getByRole('menuitem', { name, exact: true }).click()
    await page.getByText(`${name} copied`, { exact: true }).first().waitFor()
    forms[name] = await page.evaluate(() => String((window as unknown as { readonly __copied: unknown }).__copied))
  }
  return forms
}
