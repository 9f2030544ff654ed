import { useHotkeys } from 'react-hotkeys-hook'
import { KEYS, type KeyBinding, type KeyName } from './keys.ts'
import { usePreference } from './preferences.ts'

/** Binds one row of the keyboard table while the component is shown. */
export function useKey(name: KeyName, act: (event: KeyboardEvent) => void, isEnabled = true): void {
  const { keys, single }: KeyBinding = KEYS[name]
  const [singleKeys] = usePreference('keys')
  const isSign = keys.length === 1 && !/[a-z]/.test(keys)
  useHotkeys(keys, act, {
    enabled: isEnabled && (!single || singleKeys !== 'off'),
    preventDefault: true,
    // A comma is a key of the table, and would part two of them.
    delimiter: '|',
    ignoreEventWhen: (event) =>
      isInDialog(event) ||
      (keys === 'space' && isPressed(event)) ||
      (keys.startsWith('arrow') && isMoving(event)) ||
      (!keys.includes('>') && event === secondOfTwo),
    // Signs stand on other keys, and behind Shift, on other keyboards: what they produce counts.
    ...(isSign ? { useKey: true, ignoreModifiers: true, splitKey: ' ' } : {}),
  })
}

/** The key that came after `g`: it names a page, and is not itself. */
let secondOfTwo: KeyboardEvent | undefined
let leaderAt = -Infinity
/** As long as the library waits for the second key. */
const SEQUENCE_MS = 1_000

/** Looks at every key before any binding does. Returns the end of it. */
export function followLeader(): () => void {
  const look = (event: KeyboardEvent): void => {
    const isLeader = event.key === 'g' && !event.ctrlKey && !event.metaKey && !event.altKey
    secondOfTwo = !isLeader && event.timeStamp - leaderAt < SEQUENCE_MS ? event : undefined
    leaderAt = isLeader ? event.timeStamp : -Infinity
  }
  document.addEventListener('keydown', look, { capture: true })
  return () => document.removeEventListener('keydown', look, { capture: true })
}

/** Arrows move in lists, menus, trees and sliders, where they have that meaning already. */
function isMoving({ target }: KeyboardEvent): boolean {
  return (
    target instanceof Element &&
    target.closest('[role=grid], [role=treegrid], [role=menu], [role=listbox], [role=tablist], input, select') !== null
  )
}

/** Space presses a button, opens a link of a list, checks a box: where it has a meaning already it keeps it. */
function isPressed({ target }: KeyboardEvent): boolean {
  return (
    target instanceof Element &&
    target.closest('button, a, summary, label, [role=row], [role=menuitem], [role=option], .react-flow__node') !== null
  )
}

/**
 * What is typed into a dialog is its own. The palette hands its keys on to the row that it marks, which is no text field:
 * without this the letters of a search would open, copy and go.
 */
function isInDialog({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('[role=dialog]') !== null
}
