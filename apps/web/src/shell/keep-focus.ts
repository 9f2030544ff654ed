/** What stands around every page, and stays when the page does not. */
const MAIN = 'main'
const ABLE = 'a[href], button, input, select, textarea, summary, [tabindex]'

/**
 * Keeps the place of whoever goes by keyboard. A browser drops the focus when what has it is removed or disabled: a page
 * that was left, a dialog, a button that did its work. It goes to the smallest part of the page that was around it and is
 * still there, so that the next Tab goes on from that place; what was disabled for a moment only gets it back. A click
 * elsewhere is nobody's loss. Returns the end of it.
 */
export function keepFocus(): () => void {
  let lost: Place | undefined
  let last: Place | undefined

  const remember = ({ target }: Event): void => {
    if (!(target instanceof HTMLElement) || target === lost?.standIn) return
    last = { element: target, around: ancestorsOf(target) }
    lost = undefined
  }
  const forget = (): void => {
    last = undefined
    lost = undefined
  }
  const look = (): void => {
    const { activeElement } = document
    if (lost !== undefined && activeElement === lost.standIn && canHave(lost.element)) {
      lost.element.focus({ preventScroll: true })
      return
    }
    // The browser may not have noticed yet that what has the focus was disabled.
    const isLost = activeElement === null || activeElement === document.body || isDisabled(activeElement)
    if (!isLost || last === undefined) return
    const near = last.around.find((element) => element.isConnected)
    if (near === undefined) return
    const standIn = near.id === MAIN ? titleOf(near) : near
    if (!standIn.matches(ABLE)) standIn.tabIndex = -1
    lost = { ...last, standIn }
    standIn.focus({ preventScroll: true })
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
  document.addEventListener('focusin', remember)
  document.addEventListener('pointerdown', forget, { capture: true })
  return () => {
    observer.disconnect()
    document.removeEventListener('focusin', remember)
    document.removeEventListener('pointerdown', forget, { capture: true })
  }
}

type Place = {
  readonly element: HTMLElement
  /** The nearest first; from when it had the focus, for what is removed has no parent. */
  readonly around: readonly HTMLElement[]
  readonly standIn?: HTMLElement
}

function ancestorsOf(element: HTMLElement): readonly HTMLElement[] {
  const around: HTMLElement[] = []
  for (let at = element.parentElement; at !== null && at !== document.body; at = at.parentElement) around.push(at)
  return around
}

function canHave(element: HTMLElement): boolean {
  return element.isConnected && !isDisabled(element)
}

function isDisabled(element: Element): boolean {
  return element.matches(':disabled')
}

/** A page that was gone to by a key, from nowhere, is read from its title on. */
export function focusPage(): void {
  const main = document.getElementById(MAIN)
  const { activeElement } = document
  if (main === null || (activeElement !== null && activeElement !== document.body && activeElement !== main)) return
  const title = titleOf(main)
  title.tabIndex = -1
  title.focus({ preventScroll: true })
}

function titleOf(main: HTMLElement): HTMLElement {
  return main.querySelector('h1') ?? main
}
