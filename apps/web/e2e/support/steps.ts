import type { Locator, Page } from 'playwright-core'

/** What a person does on a page, whatever with; each act is counted. */
export type Steps = {
  readonly page: Page
  /** Goes to a page that the workspace names at its top. */
  readonly go: (name: string) => Promise<void>
  /** Activates a button, link or box. */
  readonly press: (target: Locator) => Promise<void>
  /** Opens a row of a list. */
  readonly open: (row: Locator) => Promise<void>
  /** Puts a text where it belongs, the first of them found. */
  readonly write: (field: Locator, text: string) => Promise<void>
  /** Asks the one box for an id, and opens what it finds first. */
  readonly look: (id: string, found: RegExp) => Promise<void>
  /** Acts so far: clicks and texts, or keys. */
  readonly count: () => number
}

/** Goes by mouse: each press is a click, and so is the one that opens the box for ids. */
export function byMouse(page: Page): Steps {
  let clicks = 0
  const press = async (target: Locator): Promise<void> => {
    clicks++
    await target.click()
  }
  return {
    page,
    press,
    open: press,
    count: () => clicks,
    go: async (name) => {
      const navigation = page.getByRole('navigation', { name: 'Workspace' })
      const link = navigation.getByRole('link', { name, exact: true })
      if ((await link.count()) === 0) await press(navigation.getByRole('button', { name: /pages/i }))
      await press(link)
    },
    write: async (field, text) => {
      await press(field)
      await page.keyboard.type(text)
    },
    look: async (id, found) => {
      await press(page.getByRole('button', { name: 'Open any id' }))
      await page.getByRole('searchbox', { name: 'Open any id' }).fill(id)
      await press(page.getByRole('menuitem', { name: found }).first())
    },
  }
}

/** More stops than any page has: what is not reached by then is not reached by Tab. */
const STOPS = 400
/** Keys of pages; the others are gone to by name, through the palette. */
const KEYS: Readonly<Record<string, string>> = { Agents: 'a', Incidents: 'i', Policies: 'p', Hunt: 'h' }

/**
 * Goes by keyboard alone: nothing here has a pointer. After each key something has the focus, and it can be seen; a key
 * after which nothing has it fails, but for the first page, which nobody has touched yet.
 */
export function byKeyboard(page: Page): Steps {
  let keys = 0
  const key = async (name: string): Promise<void> => {
    keys++
    await page.keyboard.press(name)
  }
  const reach = async (target: Locator): Promise<void> => {
    keys += await tabTo(page, target)
  }
  const look = async (id: string, found: RegExp): Promise<void> => {
    await key('Control+k')
    const box = page.getByRole('searchbox', { name: 'Open any id' })
    await box.and(page.locator(':focus')).waitFor()
    await page.keyboard.type(id)
    keys += id.length
    const hit = page.getByRole('menuitem', { name: found }).first()
    await hit.waitFor()
    for (let row = 0; row < STOPS && (await hit.getAttribute('data-focused')) === null; row++) await key('ArrowDown')
    await key('Enter')
  }
  return {
    page,
    look,
    count: () => keys,
    go: async (name) => {
      const letter = KEYS[name]
      if (letter === undefined) await look(name, new RegExp(`^page ?${name}`))
      else {
        await key('g')
        await key(letter)
      }
      const navigation = page.getByRole('navigation', { name: 'Workspace' })
      const here = navigation.getByRole('link', { name, exact: true }).and(page.locator('[aria-current=page]'))
      await here.or(navigation.getByRole('button', { name: `now ${name}` })).waitFor()
      await expectSeen(page)
    },
    press: async (target) => {
      await reach(target)
      const isBox = await target.evaluate((element) => element instanceof HTMLInputElement)
      await key(isBox ? 'Space' : 'Enter')
      await expectSeen(page)
    },
    open: async (row) => {
      await row.waitFor()
      for (let at = 0; at < STOPS && !(await hasFocus(row)); at++) {
        await key('j')
        await expectSeen(page)
      }
      await key('o')
      await expectSeen(page)
    },
    write: async (field, text) => {
      await reach(field)
      await page.keyboard.type(text)
      keys += text.length
    },
  }
}

/** Goes to an element by Tab alone; how many times that was. */
export async function tabTo(page: Page, target: Locator): Promise<number> {
  await target.waitFor()
  for (let stops = 0; stops < STOPS; stops++) {
    if (await hasFocus(target)) {
      await expectSeen(page)
      return stops
    }
    await page.keyboard.press('Tab')
    await expectSeen(page)
  }
  throw new Error(`${page.url()}: ${String(target)} is not reached by Tab`)
}

export async function hasFocus(target: Locator): Promise<boolean> {
  return target.first().evaluate((element) => element === document.activeElement)
}

/** As soon as the page has drawn what the key changed, something has the focus, is marked, and stands within the window. */
async function expectSeen(page: Page): Promise<void> {
  await page.waitForFunction(isFocusSeen, undefined, { polling: 'raf' }).catch(async (fault: unknown) => {
    const what = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))
    throw new Error(`${page.url()}: the focus is not to be seen: ${String(what)}`, { cause: fault })
  })
}

/** Runs in the page. */
function isFocusSeen(): boolean {
  const { activeElement: element } = document
  if (element === null || element === document.body) return false
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect()
  const isMarked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
  return isMarked && width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
}

/** Goes through a page by Tab, from its top to its end. An edge of a graph is marked by its line, which is looked at elsewhere. */
export async function tabThrough(page: Page): Promise<void> {
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const { activeElement: element } = document
      if (element === null || element === document.body) return 'end'
      return element.matches('.react-flow__edge') ? 'edge' : 'stop'
    })
    if (at === 'end') return
    if (at === 'stop') await expectSeen(page)
  }
  throw new Error(`${page.url()}: Tab comes to no end of the page`)
}
